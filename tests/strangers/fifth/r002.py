import numpy as np


def convolve2D(a, k):
    """Same as scipy.signal.convolve2d(a, k, mode='same')."""
    H, W = a.shape
    kh, kw = k.shape
    top, left = (kh - 1) // 2, (kw - 1) // 2
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            for u in range(kh):
                y = i + top - u
                if not 0 <= y < H:
                    continue
                for v in range(kw):
                    x = j + left - v
                    if 0 <= x < W:
                        out[i, j] += a[y, x] * k[u, v]
    return out
