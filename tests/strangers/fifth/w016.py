import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    kh, kw = kernel.shape
    value = 0
    for k in range(kh):
        for l in range(kw):
            value += img[i - 1 + k, j - 1 + l] * kernel[l, k]
    return value


def apply_convolution(img, kernel):
    out = np.zeros((img.shape[0] - kernel.shape[0] + 1, img.shape[1] - kernel.shape[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = compute_convolution_at_position(i + 1, j + 1, img, kernel)
    return out
