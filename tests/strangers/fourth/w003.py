import numpy as np


def apply_convolution(img, kernel):
    result = np.zeros((img.shape[0] - kernel.shape[0] + 1,
                       img.shape[1] - kernel.shape[1] + 1))
    for y in range(img.shape[0] - kernel.shape[0]):
        for x in range(img.shape[1] - kernel.shape[1] + 1):
            acc = 0
            for ky in range(kernel.shape[0]):
                for kx in range(kernel.shape[1]):
                    acc += img[y + ky, x + kx] * kernel[ky, kx]
            result[y, x] = acc
    return result
