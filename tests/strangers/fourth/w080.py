import numpy as np
from numba import njit

@njit
def conv_nb(img, k):
    """valid correlation, compiled"""
    H, W = img.shape
    kh, kw = k.shape
    res = np.empty((H - kh + 1, W - kw + 1))
    for i in range(res.shape[0]):
        for j in range(res.shape[1]):
            for a in range(kh):
                acc = 0.0
                for b in range(kw):
                    acc += img[i + a, j + b] * k[a, b]
            res[i, j] = acc
    return res
