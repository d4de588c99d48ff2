import numpy as np


def cross_correlation_2d(img, kernel):
    m, n = kernel.shape
    if img.ndim == 3:
        return np.stack([cross_correlation_2d(img[..., c], kernel) for c in range(img.shape[2])], axis=-1)
    H, W = img.shape
    padded = np.pad(img, ((m // 2,) * 2, (n // 2,) * 2), 'constant')
    res = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            res[i, j] = (padded[i:i + m, j:j + n] * kernel).sum()
    return res


def convolve_2d(img, kernel):
    return cross_correlation_2d(img, np.flip(kernel))
