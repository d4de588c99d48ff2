import numpy as np
from numba import njit


@njit
def _window_sum(img, kernel, top, left):
    s = 0.0
    last = kernel.shape[0] - 1
    for a in range(0, last):
        for b in range(kernel.shape[1]):
            s += img[top + a, left + b] * kernel[a, b]
    return s


def apply_convolution(img, kernel):
    rows = img.shape[0] - kernel.shape[0] + 1
    cols = img.shape[1] - kernel.shape[1] + 1
    res = np.zeros((rows, cols))
    for r in range(rows):
        for c in range(cols):
            res[r, c] = _window_sum(img, kernel, r, c)
    return res
