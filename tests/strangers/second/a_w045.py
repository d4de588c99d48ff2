import numpy as np


def row_product(pixels, weights):
    return int(sum(p * w for p, w in zip(pixels, weights)))


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    result = np.zeros((img.shape[0] - kh + 1, img.shape[1] - kw + 1))
    for y, x in np.ndindex(*result.shape):
        for r in range(kh):
            result[y, x] += row_product(img[y + r, x:x + kw], kernel[r])
    return result
