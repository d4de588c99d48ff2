import numpy as np


def atrous(image, kernel, dilation=1):
    """Dilated cross-correlation of (N, C, H, W) with (F, C, kh, kw)."""
    N, C, H, W = image.shape
    F, _, kh, kw = kernel.shape
    span_h = dilation * (kh - 1) + 1
    span_w = dilation * (kw - 1) + 1
    out = np.zeros((N, F, H - span_h + 1, W - span_w + 1))
    for n, f, y, x in np.ndindex(*out.shape):
        total = 0.0
        for c in range(C):
            for a in range(kh):
                for b in range(kw):
                    total += image[n, c, y + a * dilation, x + b] * kernel[f, c, a, b]
        out[n, f, y, x] = total
    return out
