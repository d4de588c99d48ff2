import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    s = 0
    for k in range(kernel.shape[0]):
        for l in range(kernel.shape[1]):
            s += img[i - 1 + k][j - 1 + l] * kernel[k][l]
    return s


def apply_convolution(img, kernel):
    rows = img.shape[0] - kernel.shape[0] + 1
    cols = img.shape[1] - kernel.shape[1] + 1
    return np.array([[compute_convolution_at_position(i, j, img, kernel)
                      for j in range(1, cols + 1)] for i in range(1, rows + 1)])
