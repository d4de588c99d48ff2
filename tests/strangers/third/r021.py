import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    k1, k2 = kernel.shape
    window = img[i - 1:i - 1 + k1, j - 1:j - 1 + k2]
    return np.sum(window * kernel)
