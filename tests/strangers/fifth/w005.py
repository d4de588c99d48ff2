import numpy as np


def convolve2d(image, kernel):
    kernel = np.rot90(kernel)
    kh, kw = kernel.shape
    oh = image.shape[0] - kh + 1
    ow = image.shape[1] - kw + 1
    output = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            patch = image[i:i + kh, j:j + kw]
            output[i, j] = np.sum(patch * kernel)
    return output
