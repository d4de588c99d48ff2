import numpy as np


def _mirror(i, n):
    while i < 0 or i >= n:
        if i < 0:
            i = -i - 1
        if i >= n:
            i = 2 * n - 1 - i
    return i


def convolution2d(image, kernel):
    m, n = kernel.shape
    if m % 2 == 0 or n % 2 == 0:
        raise ValueError("kernel sides must be odd")
    y, x = image.shape
    new_image = np.zeros((y, x))
    for i in range(y):
        for j in range(x):
            for u in range(m):
                for v in range(n):
                    new_image[i][j] += image[_mirror(i + u - m // 2, y)][_mirror(j + v - n // 2, x)] * kernel[u][v]
    return new_image
