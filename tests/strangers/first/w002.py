import numpy as np


def same_filter(img, kernel):
    """Correlation with zero borders, result as large as img."""
    H, W = img.shape
    kh, kw = kernel.shape
    oy, ox = kh // 2, kw // 2
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            s = 0
            for a in range(kh):
                for b in range(kw):
                    yy = y + a - oy
                    xx = x + b - ox
                    if yy < H and xx < W:
                        s += img[yy, xx] * kernel[a, b]
            out[y, x] = s
    return out
