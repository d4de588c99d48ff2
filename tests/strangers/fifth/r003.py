import numpy as np


def conv_nested(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            total = 0
            for i in range(Hk):
                for j in range(Wk):
                    y, x = m + Hk // 2 - i, n + Wk // 2 - j
                    if y < 0 or x < 0 or y >= Hi or x >= Wi:
                        total += 0
                    else:
                        total += kernel[i, j] * image[y, x]
            out[m, n] = total
    return out
