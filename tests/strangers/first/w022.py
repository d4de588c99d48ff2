import numpy as np


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    oh, ow = img.shape[0] - kh + 1, img.shape[1] - kw + 1
    total = np.zeros((oh, ow), dtype=img.dtype)
    for a in range(kh):
        for b in range(kw):
            shifted = img[a:a + oh, b:b + ow]
            total += (shifted * kernel[a, b]).astype(img.dtype)
    return total
