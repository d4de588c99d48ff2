import numpy as np


def cross_correlation_2d(img, kernel):
    out = np.zeros_like(img)
    if img.ndim == 3:
        for ch in range(img.shape[2]):
            out[..., ch] = cross_correlation_2d(img[..., ch], kernel)
        return out
    hh, hw = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(img, ((hh, hh), (hw, hw)), mode='constant', constant_values=0)
    for i in range(img.shape[0]):
        for j in range(img.shape[1]):
            out[i, j] = (padded[i:i + kernel.shape[0], j:j + kernel.shape[1]] * kernel).sum()
    return out


def convolve_2d(img, kernel):
    return cross_correlation_2d(img, np.fliplr(np.flipud(kernel)))
