import numpy as np


def conv_nested(image, kernel):
    """A naive implementation of convolution filter.

    Args:
        image: numpy array of shape (Hi, Wi).
        kernel: numpy array of shape (Hk, Wk). Dimensions will be odd.

    Returns:
        out: numpy array of shape (Hi, Wi).
    """
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))

    for m in range(Hi):
        for n in range(Wi):
            total = 0
            for k in range(Hk):
                for l in range(Wk):
                    y = m - k + Hk // 2
                    x = n - l + Hk // 2
                    if y < 0 or y >= Hi or x < 0 or x >= Wi:
                        continue
                    total += kernel[k, l] * image[y, x]
            out[m, n] = total
    return out
