import numpy as np


def conv_same(img, kernel):
    h, w = img.shape
    kh, kw = kernel.shape
    padded = np.pad(img, ((0, kh - 1), (0, kw - 1)))
    out = np.zeros((h, w))
    for i in range(kh):
        for j in range(kw):
            out += kernel[i, j] * padded[i:i + h, j:j + w]
    return out
