import numpy as np


def conv_nested(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    out = np.zeros((Hi, Wi))
    for y in range(Hi):
        for x in range(Wi):
            for a in range(Hk):
                for b in range(Wk):
                    r, c = y + Hk // 2 - a, x + Wk // 2 - b
                    if 0 <= r < Hi and 0 <= c < Wi:
                        out[y, x] += image[r, c] * kernel[a, b]
    return out


def conv_fast(image, kernel):
    Hk, Wk = kernel.shape
    padded = np.pad(image, ((Hk // 2,), (Wk // 2,)))
    turned = np.flip(kernel)
    out = np.zeros(image.shape)
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            out[y, x] = (padded[y:y + Hk, x:x + Wk] * turned).sum()
    return out
