import numpy as np


def conv2D(image, kernel):
    # convolution = correlation with the flipped kernel
    k = np.flip(kernel, axis=0)
    m, n = k.shape
    y, x = image.shape
    new_image = np.zeros((y - m + 1, x - n + 1))
    for i in range(y - m + 1):
        for j in range(x - n + 1):
            new_image[i][j] = np.sum(image[i:i + m, j:j + n] * k)
    return new_image
