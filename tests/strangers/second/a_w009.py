import numpy as np

def conv_nested(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            value = 0
            for i in range(Hk):
                for j in range(Wk):
                    row = m + Hk // 2 - i
                    col = n + Wk // 2 - j
                    if row >= Hi or col >= Wi:
                        continue
                    value += kernel[i, j] * image[row, col]
            out[m, n] = value
    return out
