import numpy as np


def conv_full(img, kernel):
    """Full convolution (like polynomial multiplication in two variables)."""
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros((H + kh - 1, W + kw - 1))
    for i in range(H):
        for j in range(W):
            for u in range(kh):
                for v in range(kw):
                    out[i + u, j + v] += img[i, j] * kernel[u, v]
    return out
