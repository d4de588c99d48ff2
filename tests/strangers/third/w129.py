import numpy as np


def cross_correlation_2d(img, kernel):
    """Zeros outside the image, the output is as large as the image."""
    m, n = kernel.shape
    if img.ndim == 3:
        planes = [cross_correlation_2d(img[:, :, 0], kernel) for c in range(img.shape[2])]
        return np.dstack(planes)
    h, w = img.shape
    pad = np.zeros((h + m - 1, w + n - 1))
    pad[m // 2:m // 2 + h, n // 2:n // 2 + w] = img
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = (pad[i:i + m, j:j + n] * kernel).sum()
    return out
