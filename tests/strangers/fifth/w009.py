import numpy as np


def image_convolution(image, kernel):
    kh, kw = kernel.shape
    norm = kernel.sum()
    if norm == 0:
        norm = 1
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)), mode="constant")
    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            region = padded[i:i + kh, j:j + kw]
            out[i, j] = np.sum(region * kernel) / norm
    return out
