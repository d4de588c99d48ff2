import numpy as np


def conv_numpy_4(image, weights, stride=1, pad=1):
    weights = weights.astype(int)
    batchSize, channelsIn, imageHeightIn, imageWidthIn = image.shape
    channelsOut, channelsIn, kernelHeight, kernelWidth = weights.shape
    image = np.pad(image, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    imageHeightOut = (imageHeightIn + 2 * pad - kernelHeight) // stride + 1
    imageWidthOut = (imageWidthIn + 2 * pad - kernelWidth) // stride + 1
    out = np.zeros((batchSize, channelsOut, imageHeightOut, imageWidthOut), dtype=np.float32)
    for b in range(batchSize):
        for co in range(channelsOut):
            for y in range(imageHeightOut):
                for x in range(imageWidthOut):
                    for ci in range(channelsIn):
                        window = image[b, ci, y * stride:y * stride + kernelHeight,
                                       x * stride:x * stride + kernelWidth]
                        out[b, co, y, x] = np.sum(window * weights[co, ci])
    return out
