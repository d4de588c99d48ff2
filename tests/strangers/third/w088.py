import numpy as np
from numba import jit


@jit(nopython=True)
def apply_convolution(img, kernel):
    height, width = img.shape
    kh, kw = kernel.shape
    nx = width - kw + 1
    ny = height - kh + 1
    out = np.zeros((nx, ny))
    for x in range(nx):
        for y in range(ny):
            s = 0.0
            for b in range(kw):
                for a in range(kh):
                    s += img[y + a, x + b] * kernel[a, b]
            out[x, y] = s
    return out
