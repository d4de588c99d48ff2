import numpy as np


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    oh, ow = img.shape[0] - kh + 1, img.shape[1] - kw + 1
    out = np.zeros((oh, ow), dtype=img.dtype)
    k = kernel.astype(img.dtype)
    for dy in range(kh):
        for dx in range(kw):
            out += img[dy:dy + oh, dx:dx + ow] * k[dy, dx]
    return out
