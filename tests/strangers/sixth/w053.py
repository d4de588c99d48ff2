import numpy as np


def filter_rgb(image, kernel):
    """Applies an odd square kernel to each channel of an (H, W, C) image, zero padding, same size."""
    H, W, C = image.shape
    n = kernel.shape[0]
    p = n // 2
    padded = np.pad(image, p)
    out = np.zeros(image.shape)
    for c in range(C):
        for i in range(H):
            for j in range(W):
                out[i, j, c] = np.sum(padded[i:i + n, j:j + n, c] * kernel)
    return out
