import numpy as np

def filter2D(src, ker):
    h, w = src.shape
    m, n = ker.shape
    dst = np.empty((h - m + 1, w - n + 1))
    for y in range(dst.shape[0]):
        for x in range(dst.shape[1]):
            acc = 0.0
            for r in range(m):
                for c in range(n):
                    acc += src[y + r, x + c] * ker[r, n - c - 1]
            dst[y, x] = acc
    return dst
