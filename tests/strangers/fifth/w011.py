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
    kernel[:] = np.flip(np.flip(kernel, 0), 1).copy()
    for m in range(Hi):
        for n in range(Wi):
            out[m, n] = np.sum(kernel * padded[m:m + Hk, n:n + Wk])
    return out
