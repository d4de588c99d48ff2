import numpy as np


def cross_correlation_2d(img, kernel):
    if img.ndim == 3:
        planes = [cross_correlation_2d(img[:, :, c], kernel) for c in range(img.shape[2])]
        return np.dstack(planes)
    m, n = kernel.shape
    H, W = img.shape
    padded = np.zeros((H + m - 1, W + n - 1))
    padded[m // 2:m // 2 + H, n // 2:n // 2 + W] = img
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            out[i, j] = np.dot(padded[i:i + m, j:j + n].flatten(), kernel.flatten())
    return out


def convolve_2d(img, kernel):
    return cross_correlation_2d(img, np.rot90(kernel))
