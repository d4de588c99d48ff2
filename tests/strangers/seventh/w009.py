import numpy as np


def conv_nested(image, kernel):
    """A naive implementation of convolution filter (4 nested loops)."""
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            total = 0.0
            for a in range(Hk):
                for c in range(Wk):
                    y = m + Hk // 2 - a
                    x = n + Wk // 2 - c
                    if y < Hi and x < Wi:
                        total += kernel[a, c] * image[y, x]
            out[m, n] = total
    return out
