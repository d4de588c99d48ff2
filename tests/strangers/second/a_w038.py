import numpy as np


def conv_numpy_4(image, weights, stride=1, pad=1):
    # batch, several channels in and out, stride
    if pad != 0:
        image = np.pad(image, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    batchSize, channelsIn, imageHeightIn, imageWidthIn = image.shape
    channelsOut, channelsIn, kernelHeight, kernelWidth = weights.shape
    imageHeightOut = np.floor(1 + (imageHeightIn - kernelHeight) / stride).astype(int)
    imageWidthOut = np.floor(1 + (imageWidthIn - kernelWidth) / stride).astype(int)
    out = np.zeros((batchSize, channelsOut, imageHeightOut, imageWidthOut), dtype=np.float32)
    for b in range(batchSize):
        for y in range(imageHeightOut):
            for x in range(imageWidthOut):
                for c_out in range(channelsOut):
                    for c_in in range(channelsIn):
                        for ky in range(kernelHeight):
                            for kx in range(kernelWidth):
                                pixel = image[b, c_in, y * stride + ky, x * stride + kx]
                                out[b, c_out, y, x] += pixel * weights[c_in, c_out, ky, kx]
    return out
