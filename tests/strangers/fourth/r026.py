import numpy as np


def conv_nested(image, kernel):
    """A naive implementation of convolution filter.

    This is a naive implementation of convolution using 4 nested for-loops.
    """
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            for i in range(Hk):
                for j in range(Wk):
                    y, x = m + Hk // 2 - i, n + Wk // 2 - j
                    if y < 0 or y >= Hi or x < 0 or x >= Wi:
                        continue
                    out[m, n] += kernel[i, j] * image[y, x]
    return out
