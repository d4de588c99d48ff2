import numpy as np


def apply_convolution(img, kernel):
    h = img.shape[0] - kernel.shape[0] + 1
    w = img.shape[1] - kernel.shape[1] + 1
    result = np.full((h, w), 0)
    for i in range(h):
        for j in range(w):
            value = 0.0
            for k in range(kernel.shape[0]):
                for l in range(kernel.shape[1]):
                    value += img[i + k, j + l] * kernel[k, l]
            result[i, j] = value
    return result
