import numpy as np


def apply_convolution(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for r in range(1, H - kh + 1):
        for c in range(1, W - kw + 1):
            acc = 0.
            for u in range(kh):
                for v in range(kw):
                    acc = acc + kernel[u][v] * img[r + u][c + v]
            out[r - 1][c - 1] = acc
    return out
