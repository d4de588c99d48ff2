import numpy as np


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    h = img.shape[0] - kh + 1
    w = img.shape[1] - kw + 1
    out = np.zeros((h, w), dtype=np.int32)
    for y in range(h):
        for x in range(w):
            for v in range(kh):
                for u in range(kw):
                    out[y, x] = out[y, x] + img[y + v, x + u] * kernel[v, u]
    return out
