import numpy as np


def apply_convolution(img, kernel):
    img = np.asarray(img)
    kernel = np.asarray(kernel)
    kh, kw = kernel.shape
    out = np.zeros((img.shape[0] - kh + 1, img.shape[1] - kw + 1), dtype=img.dtype)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = img[i:i + kh, j:j + kw]
            out[i, j] = (patch * kernel).sum()
    return out
