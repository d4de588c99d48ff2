import numpy as np


def cross_correlation_2d(img, kernel):
    kh, kw = kernel.shape
    gray = img.ndim == 2
    if gray:
        img = img[:, :, np.newaxis]
    H, W, C = img.shape
    padded = np.zeros((H + kh - 1, W + kw - 1, C))
    padded[kh // 2:kh // 2 + H, kw // 2:kw // 2 + W, :] = img
    out = np.zeros((H, W, C))
    for u in range(kh):
        for v in range(kw):
            out += kernel[u, v] * padded[u:u + H, v:v + W, :]
    return out[:, :, 0] if gray else out
