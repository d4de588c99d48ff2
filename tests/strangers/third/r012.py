import numpy as np


def cross_correlation_2d(img, kernel):
    if len(img.shape) == 3:
        return np.stack([cross_correlation_2d(img[..., c], kernel) for c in range(img.shape[2])], axis=2)
    m, n = kernel.shape
    p = np.pad(img, ((m // 2, m // 2), (n // 2, n // 2)), "constant")
    out = np.empty(img.shape)
    for i in range(img.shape[0]):
        for j in range(img.shape[1]):
            out[i, j] = np.vdot(p[i:i + m, j:j + n], kernel)
    return out


def convolve_2d(img, kernel):
    """flip the kernel and correlate"""
    return cross_correlation_2d(img, np.rot90(kernel, 2))
