import numpy as np
from numba import njit


@njit
def convolve_same(image, kernel):
    """True convolution, result of the image's size, zero outside, odd kernels."""
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            acc = 0.0
            for m in range(kh):
                for n in range(kw):
                    y = i + kh // 2 - m
                    x = j + kw // 2 - n
                    if y > H - 1 or x > W - 1:
                        continue
                    acc += kernel[m, n] * image[y, x]
            out[i, j] = acc
    return out
