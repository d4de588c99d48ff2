import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    rk, ck = kernel.shape
    y = 0.0
    for k in range(1, rk + 1):
        for l in range(1, ck + 1):
            y += img[i + k - 1 - 1, j + l - 1 - 1] * kernel[k - 1, l - 1]
    return y


def apply_convolution(img, kernel):
    h = img.shape[0] - kernel.shape[0] + 1
    w = img.shape[1] - kernel.shape[1] + 1
    out = np.empty((h, w))
    for i in range(1, h + 1):
        for j in range(1, w + 1):
            out[i - 1, j - 1] = compute_convolution_at_position(i, j, img, kernel)
    return out
