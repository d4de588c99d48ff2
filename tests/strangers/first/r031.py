import numpy as np
import numba as nb


@nb.jit(nopython=True)
def smooth(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    cy = kh // 2
    cx = kw // 2
    res = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            v = 0.0
            for a in range(max(0, cy - y), min(kh, H + cy - y)):
                for b in range(max(0, cx - x), min(kw, W + cx - x)):
                    v += kernel[a, b] * img[y + a - cy, x + b - cx]
            res[y, x] = v
    return res
