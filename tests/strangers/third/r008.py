import numpy as np


def conv_nested(image, kernel):
    """Four loops, the output is as large as the image."""
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            total = 0
            for i in range(Hk):
                for j in range(Wk):
                    r = m - i + Hk // 2
                    c = n - j + Wk // 2
                    if r < 0 or c < 0 or r >= Hi or c >= Wi:
                        continue
                    total += kernel[i, j] * image[r, c]
            out[m, n] = total
    return out
