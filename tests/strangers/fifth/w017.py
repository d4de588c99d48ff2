import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    """Value at position (i, j), positions start at 1."""
    total = 0.0
    for a in range(kernel.shape[0]):
        for b in range(kernel.shape[1]):
            total += img[i + a - 1, j + b - 1] * kernel[a, b]
    return total


def apply_convolution(img, kernel):
    h = img.shape[0] - kernel.shape[0] + 1
    w = img.shape[1] - kernel.shape[1] + 1
    return np.array(
        [
            [compute_convolution_at_position(i, j, img, kernel)
             for j in range(w)]
            for i in range(h)
        ]
    )
