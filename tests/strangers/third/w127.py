import numpy as np


def conv_nested(image, kernel):
    """Filters the image with nested loops; the output has the size of the image."""
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))

    for m in range(Hk // 2, Hi - Hk // 2):
        for n in range(Wk // 2, Wi - Wk // 2):
            for i in range(Hk):
                for j in range(Wk):
                    out[m, n] += kernel[i, j] * image[m + Hk // 2 - i, n + Wk // 2 - j]
    return out
