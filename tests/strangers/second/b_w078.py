import numpy as np


def cross_correlation_2d(img, kernel):
    if img.ndim == 3:
        planes = [cross_correlation_2d(img[:, :, c], kernel) for c in range(img.shape[2])]
        return np.dstack(planes)
    m, n = kernel.shape
    height, width = img.shape
    frame = np.zeros((height + m - 1, width + n - 1))
    frame[m // 2:m // 2 + height, n // 2:n // 2 + width] = img
    flat = kernel.ravel()
    out = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            out[i, j] = np.dot(frame[i:i + m, j:j + n].ravel(), flat)
    return out


def convolve_2d(img, kernel):
    """True convolution: turn the kernel, then correlate."""
    return cross_correlation_2d(img, np.rot90(kernel))
