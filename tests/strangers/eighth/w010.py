import numpy as np


def zero_pad(image, pad_height, pad_width):
    H, W = image.shape
    out = np.zeros((H + 2 * pad_height, W + 2 * pad_width))
    out[pad_height:pad_height + H, pad_width:pad_width + W] = image
    return out


def conv_fast(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    padded = zero_pad(image, Hk // 2, Wk // 2)
    flipped = np.flip(kernel, 0)
    for i in range(Hi):
        for j in range(Wi):
            out[i, j] = (padded[i:i + Hk, j:j + Wk] * flipped).sum()
    return out
