import numpy as np


def convolve2d(img, kernel):
    """True convolution, same size, zeros outside; kernel with odd sides."""
    assert kernel.shape[0] % 2 == 1 and kernel.shape[1] % 2 == 1
    H, W = img.shape
    rh, rw = kernel.shape[0] // 2, kernel.shape[1] // 2
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            for u in range(-rh, rh + 1):
                for v in range(-rw, rw + 1):
                    if 0 <= i - u < H and 0 <= j - v < W:
                        out[i, j] += kernel[u + rh, v + rw] * img[i - u, j - v]
    return out
