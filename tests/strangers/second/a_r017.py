import numpy as np


def cross_correlation_2d(img, kernel):
    if img.ndim == 3:
        return np.dstack([cross_correlation_2d(img[:, :, c], kernel) for c in range(3)])
    m, n = kernel.shape
    h, w = img.shape
    padded = np.zeros((h + m - 1, w + n - 1))
    padded[m // 2:m // 2 + h, n // 2:n // 2 + w] = img
    out = np.zeros((h, w))
    for i in range(m):
        for j in range(n):
            out += kernel[i, j] * padded[i:i + h, j:j + w]
    return out


def convolve_2d(img, kernel):
    return cross_correlation_2d(img, np.flip(kernel, (0, 1)))
