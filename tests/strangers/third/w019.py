import numpy as np


def apply_convolution(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    rh, rw = kh // 2, kw // 2
    out = np.zeros((H - 2 * rh, W - 2 * rw))
    for y in range(rh, H - rh):
        for x in range(rw, W - rw):
            acc = 0.0
            for u in range(kh):
                for v in range(kw):
                    acc += img[y - rh + u, x - rw + v] * kernel[u, v]
            out[y - rh, x - rw] = acc
    return out
