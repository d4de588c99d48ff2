import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    """Value y_ij, with i and j starting at 1."""
    total = 0.0
    for k in range(1, kernel.shape[0] + 1):
        for l in range(1, kernel.shape[1] + 1):
            total += img[i + k - 2, j + l - 2] * kernel[k - 1, l - 1]
    return total


def apply_convolution(img, kernel):
    # size of the filter
    n = kernel.shape[0]
    h, w = img.shape
    result = np.zeros((h - n + 1, w - n + 1))
    for i in range(1, result.shape[0] + 1):
        for j in range(1, result.shape[1] + 1):
            result[i - 1, j - 1] = compute_convolution_at_position(i, j, img, kernel)
    return result
