import numpy as np


def conv_numpy_4(image, weights, stride=1, pad=1):
    image_pad = np.pad(image, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    batchSize, channelsIn, imageHeightIn, imageWidthIn = image.shape
    channelsOut, channelsIn, kernelHeight, kernelWidth = weights.shape
    imageHeightOut = np.floor(1 + (imageHeightIn + 2 * pad - kernelHeight) / stride).astype(int)
    imageWidthOut = np.floor(1 + (imageWidthIn + 2 * pad - kernelWidth) / stride).astype(int)
    out = np.zeros((batchSize, channelsOut, imageHeightOut, imageWidthOut), dtype=np.float32)
    for c_b in range(batchSize):
        for c_y in range(imageHeightOut):
            for c_x in range(imageWidthOut):
                for c_channel_out in range(channelsOut):
                    for c_channel_in in range(channelsIn):
                        for c_kernel_y in range(kernelHeight):
                            for c_kernel_x in range(kernelWidth):
                                this_pixel_value = image_pad[c_b, c_channel_in, c_y * stride + c_kernel_y, c_x * stride + c_kernel_x]
                                this_weight = weights[c_channel_out, c_channel_in, c_kernel_y, c_kernel_x]
                                out[c_b, c_channel_out, c_y, c_x] += np.sum(this_pixel_value * this_weight)
    return out
