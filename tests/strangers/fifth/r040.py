import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    """i and j start at 1"""
    s = 0
    for k in range(1, kernel.shape[0] + 1):
        for l in range(1, kernel.shape[1] + 1):
            s += img[i + k - 2, j + l - 2] * kernel[k - 1, l - 1]
    return s


def apply_convolution(img, kernel):
    rows = img.shape[0] - kernel.shape[0] + 1
    cols = img.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, cols))
    for i in range(1, rows + 1):
        for j in range(1, cols + 1):
            out[i - 1, j - 1] = compute_convolution_at_position(i, j, img, kernel)
    return out
