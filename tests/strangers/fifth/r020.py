import numpy as np


def cross_correlation_2d(img, kernel):
    if img.ndim == 3:
        return np.dstack([cross_correlation_2d(img[:, :, c], kernel) for c in range(img.shape[2])])
    m, n = kernel.shape
    padded = np.zeros((img.shape[0] + m - 1, img.shape[1] + n - 1))
    padded[m // 2:m // 2 + img.shape[0], n // 2:n // 2 + img.shape[1]] = img
    out = np.zeros(img.shape)
    for y in range(img.shape[0]):
        for x in range(img.shape[1]):
            out[y, x] = (padded[y:y + m, x:x + n] * kernel).sum()
    return out


def convolve_2d(img, kernel):
    return cross_correlation_2d(img, np.fliplr(np.flipud(kernel)))
