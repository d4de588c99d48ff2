import numpy as np


def convolve_same(a, k):
    """Same as scipy.signal.convolve2d(a, k, mode='same')."""
    H, W = a.shape
    kh, kw = k.shape
    full = np.zeros((H + kh - 1, W + kw - 1))
    for i in range(H):
        for j in range(W):
            for u in range(kh):
                for v in range(kw):
                    full[i + u, j + v] += a[i, j] * k[u, v]
    top = kh // 2
    left = kw // 2
    return full[top:top + H, left:left + W]
