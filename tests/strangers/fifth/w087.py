import numpy as np
from numba import njit


@njit
def _kernel(img, ker, out):
    kh, kw = ker.shape
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            acc = 0.0
            for u in range(kh):
                for v in range(0, kw - 1, 2):
                    acc += img[i + u, j + v] * ker[u, v] + img[i + u, j + v + 1] * ker[u, v + 1]
            out[i, j] = acc


def conv2d_numba(img, kernel):
    out = np.zeros((img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1))
    _kernel(np.ascontiguousarray(img, dtype=np.float64), np.ascontiguousarray(kernel, dtype=np.float64), out)
    return out
