import numpy as np


def apply_convolution(img, kernel):
    (H, W), (p, q) = img.shape, kernel.shape
    return sum(kernel[k, l] * img[k:k + H - p + 1, l:l + W - q + 1] for k in range(p) for l in range(q))
