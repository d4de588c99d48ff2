import numpy as np
from numba import njit


@njit
def _fill(image, kernel, out):
    kh, kw = kernel.shape
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            s = 0.0
            for i in range(kh):
                for j in range(kw):
                    s += image[r + i, c + j] * kernel[i, j]
            out[r, c] = s


def filter_image(image, kernel):
    img = np.asarray(image, dtype=np.float64)
    kernel = np.asarray(kernel).astype(np.int64)
    rows = image.shape[0] - kernel.shape[0] + 1
    cols = image.shape[1] - kernel.shape[1] + 1
    out = np.empty((rows, cols))
    _fill(image, kernel, out)
    return out
