import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    """Value at line i, column j (counted from 1)."""
    K, L = kernel.shape
    s = 0.0
    for k in range(1, K + 1):
        for l in range(1, L + 1):
            s += img[i + k - 2, j + l - 2] * kernel[K - k, L - l]
    return s


def apply_convolution(img, kernel):
    lines = img.shape[0] - kernel.shape[0] + 1
    columns = img.shape[1] - kernel.shape[1] + 1
    y = np.zeros((lines, columns))
    for i in range(1, lines + 1):
        for j in range(1, columns + 1):
            y[i - 1, j - 1] = compute_convolution_at_position(i, j, img, kernel)
    return y
