import numpy as np


def edge_response(picture, kernel):
    p = picture.astype(np.int32)
    kh, kw = kernel.shape
    h, w = p.shape[0] - kh + 1, p.shape[1] - kw + 1
    acc = np.zeros((h, w))
    for a in range(kh):
        for b in range(kw):
            acc += p[a:a + h, b:b + w] * kernel[a, b]
    return np.minimum(np.abs(acc), 255).astype(np.uint8)
