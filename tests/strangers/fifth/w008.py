import numpy as np


def apply_convolution(img, kernel):
    n_rows = img.shape[0] - kernel.shape[0] + 1
    n_cols = img.shape[1] - kernel.shape[1] + 1
    res = np.zeros((n_rows, n_cols), dtype=img.dtype)
    for i in range(n_rows):
        for j in range(n_cols):
            window = img[i:i + kernel.shape[0], j:j + kernel.shape[1]]
            res[i, j] = (window * kernel).sum()
    return res
