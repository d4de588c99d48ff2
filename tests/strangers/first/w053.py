import numpy as np


def nhwc_conv(X, K, b):
    """X: batch, height, width, channels. K: kh, kw, channels, filters. b: filters."""
    n, H, W, C = X.shape
    kh, kw, _, F = K.shape
    out = np.zeros((n, H - kh + 1, W - kw + 1, F))
    for x in range(W - kw + 1):
        for y in range(H - kh + 1):
            region = X[:, y:y + kh, x:x + kw, :]
            out[:, x, y, :] = np.tensordot(region, K, axes=([1, 2, 3], [0, 1, 2])) + b
    return out
