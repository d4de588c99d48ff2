import numpy as np


def zero_pad(image, ph, pw):
    H, W = image.shape
    big = np.zeros((H + 2 * ph, W + 2 * pw))
    big[ph:H + ph, pw:W + pw] = image
    return big


def conv_nested(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for m in range(Hi):
        for n in range(Wi):
            for i in range(Hk):
                for j in range(Wk):
                    y, x = m + Hk // 2 - i, n + Wk // 2 - j
                    if y < 0 or x < 0 or y >= Hi or x >= Wi:
                        continue
                    out[m, n] += kernel[i, j] * image[y, x]
    return out


def conv_fast(image, kernel):
    Hk, Wk = kernel.shape
    padded = zero_pad(image, Hk // 2, Wk // 2)
    flipped = np.flip(kernel)
    out = np.zeros(image.shape)
    for m, n in np.ndindex(*image.shape):
        out[m, n] = np.sum(padded[m:m + Hk, n:n + Wk] * flipped)
    return out


def conv_faster(image, kernel):
    Hk, Wk = kernel.shape
    Hi, Wi = image.shape
    padded = zero_pad(image, Hk // 2, Wk // 2)
    mat = np.empty((Hi * Wi, Hk * Wk))
    for t in range(Hi * Wi):
        r, c = divmod(t, Wi)
        mat[t] = padded[r:r + Hk, c:c + Wk].ravel()
    return mat.dot(kernel.ravel()[::-1]).reshape(Hi, Wi)
