import numpy as np


def blend(img, kernel):
    """True convolution (flipped kernel) of img with an odd kernel, zeros outside, same size."""
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros_like(img, dtype=float)
    for i in range(H):
        for j in range(W):
            for k in range(kh):
                for l in range(kw):
                    y, x = i + k - 1, j + l - 1
                    if 0 <= y < H and 0 <= x < W:
                        out[i][j] += img[y][x] * kernel[k][l]
    return out
