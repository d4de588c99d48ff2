import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    h, w = kernel.shape
    acc = 0.0
    for a in range(h):
        for b in range(w):
            acc = acc + kernel[a, b] * img[i - 1 + a, j - 1 + b]
    return acc


def apply_convolution(img, kernel):
    rows = img.shape[0] - kernel.shape[0] + 1
    cols = img.shape[1] - kernel.shape[1] + 1
    out = np.empty((rows, cols))
    for i in range(1, rows + 1):
        for j in range(1, cols + 1):
            out[i - 1, j - 1] = compute_convolution_at_position(i, j, img, kernel)
    return out
