import numpy as np
from numba import jit


@jit(nopython=True)
def blur(src, kernel, out):
    """out[...] = src filtered by an odd kernel, same size, zeros beyond the border, centred."""
    rows, cols = src.shape
    m, n = kernel.shape
    out[:, :] = 0.0
    for i in range(m - 1, rows):
        for j in range(n - 1, cols):
            t = 0.0
            for a in range(m):
                for b in range(n):
                    t += src[i - m + 1 + a, j - n + 1 + b] * kernel[a, b]
            out[i, j] = t
