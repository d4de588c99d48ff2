import numpy as np
from numba import jit

@jit(nopython=True)
def filter_same(img, kernel):
    """cross-correlation with an odd square kernel, zeros outside, same size"""
    H, W = img.shape
    r = kernel.shape[0] // 2
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            for dy in range(-r, r):
                for dx in range(-r, r):
                    if y + dy >= 0 and y + dy < H and x + dx >= 0 and x + dx < W:
                        out[y, x] += img[y + dy, x + dx] * kernel[dy + r, dx + r]
    return out
