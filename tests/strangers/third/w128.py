import numpy as np


def conv_fast(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    padded = np.pad(image, ((Hk // 2, Hk // 2), (Wk // 2, Wk // 2)), mode='edge')
    for i in range(Hi):
        for j in range(Wi):
            out[i, j] = np.sum(padded[i:i + Hk, j:j + Wk] * kernel)
    return out
