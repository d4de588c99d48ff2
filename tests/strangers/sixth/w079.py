import numpy as np
from numba import njit


@njit
def convolve_zero(img, kernel):
    """True convolution, zero outside the image, same size, odd kernel."""
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.empty((H, W))
    for i in range(H):
        for j in range(W):
            s = 0.0
            for a in range(kh):
                for b in range(kw):
                    y = min(max(i + kh // 2 - a, 0), H - 1)
                    x = min(max(j + kw // 2 - b, 0), W - 1)
                    s += img[y, x] * kernel[a, b]
            out[i, j] = s
    return out
