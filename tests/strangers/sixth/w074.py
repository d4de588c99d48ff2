import numpy as np
from numba import njit


@njit
def conv2d(img, kernel):
    # valid cross-correlation
    kh, kw = kernel.shape
    oh = img.shape[0] - kh + 1
    ow = img.shape[1] - kw + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        acc = 0.0
        for j in range(ow):
            for k in range(kh):
                for l in range(kw):
                    acc += img[i + k, j + l] * kernel[k, l]
            out[i, j] = acc
    return out
