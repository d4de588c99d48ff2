import numpy as np
from numba import njit

KERNEL = np.zeros((1, 1))


@njit
def _filter(img, out):
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            acc = 0.0
            for a in range(KERNEL.shape[0]):
                for b in range(KERNEL.shape[1]):
                    acc += KERNEL[a, b] * img[i + a, j + b]
            out[i, j] = acc


def apply_convolution(img, kernel):
    global KERNEL
    KERNEL = np.array(kernel, dtype=np.float64)
    shape = (img.shape[0] - KERNEL.shape[0] + 1, img.shape[1] - KERNEL.shape[1] + 1)
    out = np.zeros(shape)
    _filter(np.ascontiguousarray(img, dtype=np.float64), out)
    return out
