import numpy as np


def conv_nested(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            for i in range(Hk):
                for j in range(Wk):
                    y, x = m + Hk // 2 - i, n + Wk // 2 - j
                    if 0 <= y < Hi and 0 <= x < Wi:
                        out[m, n] += image[y, x] * kernel[i, j]
    return out


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
    k = np.flip(kernel)
    for r in range(Hi):
        for c in range(Wi):
            out[r, c] = np.sum(padded[r:r + Hk, c:c + Wk] * k)
    return out


def conv_faster(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    padded = zero_pad(image, Hk // 2, Wk // 2)
    mat = np.stack([padded[i:i + Hi, j:j + Wi].ravel() for i in range(Hk) for j in range(Wk)], axis=1)
    return (mat @ np.flip(kernel).reshape(-1)).reshape(Hi, Wi)
