import numpy as np


def cross_correlation_2d(img, kernel):
    kh, kw = kernel.shape
    h, w = img.shape[:2]
    pads = [(kh // 2, kh // 2), (kw // 2, kw // 2)] + [(0, 0)] * (img.ndim - 2)
    padded = np.pad(img.astype(float), pads)
    result = np.zeros(img.shape, dtype=float)
    for i in range(h):
        for j in range(w):
            patch = padded[i:i + kh, j:j + kw]
            result[i, j] = np.tensordot(kernel, patch, axes=2)
    return result


def convolve_2d(img, kernel):
    rotated = kernel.copy()
    np.rot90(rotated, 2)
    return cross_correlation_2d(img, rotated)
