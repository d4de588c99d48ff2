import numpy as np


def conv_nested(image, kernel):
    """A naive implementation of convolution filter with 4 nested loops.

    Args:
        image: numpy array of shape (Hi, Wi).
        kernel: numpy array of shape (Hk, Wk).
    Returns:
        out: numpy array of shape (Hi, Wi).
    """
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))

    a, b = Hk // 2, Wk // 2
    for i in range(a, Hi - a):
        for j in range(b, Wi - b):
            total = 0.0
            for m in range(-a, a + 1):
                for n in range(-b, b + 1):
                    total += kernel[m + a, n + b] * image[i - m, j - n]
            out[i, j] = total

    return out
