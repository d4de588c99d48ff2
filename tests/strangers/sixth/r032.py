import numpy as np


def conv_nested(image, kernel):
    """True convolution, zeros outside, same size, odd kernels."""
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            s = 0
            for i in range(Hk):
                for j in range(Wk):
                    y, x = m + Hk // 2 - i, n + Wk // 2 - j
                    if 0 <= y < Hi and 0 <= x < Wi:
                        s += kernel[i, j] * image[y, x]
            out[m, n] = s
    return out


def conv_fast(image, kernel):
    """The same with numpy."""
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    padded = np.pad(image, ((Hk // 2, Hk // 2), (Wk // 2, Wk // 2)))
    flipped = np.flip(np.flip(kernel, 0), 1)
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            out[m, n] = np.sum(padded[m:m + Hk, n:n + Wk] * flipped)
    return out
