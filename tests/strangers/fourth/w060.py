import numpy as np

def conv_numpy_4(image, weights, stride=1, pad=1):
    # Perform zero padding
    if pad != 0:
        image = np.pad(image, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    batchSize, channelsIn, imageHeightIn, imageWidthIn = image.shape
    channelsOut, channelsIn, kernelHeight, kernelWidth = weights.shape
    imageHeightOut = np.floor(1 + (imageHeightIn - kernelHeight) / stride).astype(int)
    imageWidthOut = np.floor(1 + (imageWidthIn - kernelWidth) / stride).astype(int)

    out = np.zeros((batchSize, channelsOut, imageHeightOut, imageWidthOut), dtype=np.float32)
    for c_batch in range(batchSize):
        for c_y in range(imageHeightOut):
            for c_x in range(imageWidthOut):
                for c_out in range(channelsOut):
                    for c_in in range(channelsIn):
                        y0, x0 = c_y * stride, c_x * stride
                        patch = image[c_batch, c_in, y0:y0 + kernelHeight, x0:x0 + kernelWidth]
                        out[c_batch, c_out, c_y, c_x] = np.sum(patch * weights[c_out, c_in])
    return out
