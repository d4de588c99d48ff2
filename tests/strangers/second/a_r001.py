import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    total = 0.0
    for k in range(kernel.shape[0]):
        for l in range(kernel.shape[1]):
            total += kernel[k, l] * img[i - 1 + k, j - 1 + l]
    return total


def apply_convolution(img, kernel):
    n_rows = img.shape[0] - kernel.shape[0] + 1
    n_cols = img.shape[1] - kernel.shape[1] + 1
    return np.array([[compute_convolution_at_position(i, j, img, kernel)
                      for j in range(1, n_cols + 1)]
                     for i in range(1, n_rows + 1)])
