import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def zero_pad(image, pad_height, pad_width):
    return np.pad(image, ((pad_height, pad_height), (pad_width, pad_width)), mode="constant")


def conv_fast(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    big = zero_pad(image, Hk // 2, Wk // 2)
    k = np.flip(np.flip(kernel, 0), 1)
    for i in range(Hi):
        for j in range(Wi):
            out[i, j] = (big[i:i + Hk, j:j + Wk] * k).sum()
    return out


def conv_faster(image, kernel):
    Hk, Wk = kernel.shape
    big = zero_pad(image, Hk // 2, Wk // 2)
    rows = sliding_window_view(big, (Hk, Wk)).reshape(-1, Hk * Wk)
    return (rows @ kernel.reshape(-1)).reshape(image.shape)
