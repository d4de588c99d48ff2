import numpy as np


def filter2d(src, kernel):
    h, w = src.shape
    m, n = kernel.shape
    dst = np.zeros((h, w), dtype=float)
    for r in range(h):
        for c in range(w):
            total = 0.0
            for i in range(m):
                y = r + i - m // 2
                if y < 0 or y >= h:
                    continue
                for j in range(n):
                    x = c + j - n // 2
                    if x < 0 or x >= w:
                        break
                    total += src[y, x] * kernel[i, j]
            dst[r, c] = total
    return dst
