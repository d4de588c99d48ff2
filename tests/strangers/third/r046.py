import numpy as np


def conv_chw(image, kernels, stride=1, pad=0):
    C, H, W = image.shape
    O, _, K1, K2 = kernels.shape
    image = np.pad(image, ((0, 0), (pad, pad), (pad, pad)))
    h = (H + 2 * pad - K1) // stride + 1
    w = (W + 2 * pad - K2) // stride + 1
    fmap = np.zeros((O, h, w))
    for o in range(O):
        for y in range(h):
            for x in range(w):
                for c in range(C):
                    fmap[o, y, x] += np.sum(image[c, y * stride:y * stride + K1, x * stride:x * stride + K2] * kernels[o, c])
    return fmap
