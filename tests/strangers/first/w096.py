import numpy as np


def conv_nested(image, kernel):
    """Filter by going through every pixel and every kernel element; zero padding."""
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    cy, cx = Hk // 2, Wk // 2
    for m in range(Hi):
        for n in range(Wi):
            total = 0
            for i in range(Hk):
                for j in range(Wk):
                    row = m - i + cy
                    col = n + j - cx
                    if 0 <= row < Hi and 0 <= col < Wi:
                        total += image[row, col] * kernel[i, j]
            out[m, n] = total
    return out
