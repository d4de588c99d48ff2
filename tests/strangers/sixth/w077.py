import numpy as np
from numba import njit


@njit
def dilated_same(img, kernel, d):
    """
    Dilated cross-correlation with zeros outside the image.

    The kernel (odd sides) is centred on each pixel, its taps are d pixels apart;
    the output is as large as the image.
    """
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            s = 0.0
            for a in range(kh):
                y = i + a * d - kh // 2
                if y < 0 or y >= H:
                    continue
                for b in range(kw):
                    x = j + b * d - kw // 2
                    if x < 0 or x >= W:
                        continue
                    s += img[y, x] * kernel[a, b]
            out[i, j] = s
    return out
