import numpy as np

def conv2d(img, kernel):
    """Cross-correlation with kernel.shape // 2 zeros on every side, all positions kept."""
    kh, kw = kernel.shape
    p = np.pad(img, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    oh = p.shape[0] - kh + 1
    ow = p.shape[1] - kw + 1
    out = np.zeros((oh, ow))
    for i in range(kh):
        for j in range(kw):
            out += kernel[i, j] * p[i:i + oh, j:j + ow]
    return out
