import numpy as np


def convolution_same(img, kernel):
    """Cross-correlation with an odd kernel. Outside the image there are zeros; one result per pixel."""
    H, W = img.shape
    kh, kw = kernel.shape
    a, b = kh // 2, kw // 2
    out = np.zeros((H, W))
    for i in range(a, H - a):
        for j in range(b, W - b):
            for k in range(kh):
                for l in range(kw):
                    out[i, j] += img[i - a + k, j - b + l] * kernel[k, l]
    return out
