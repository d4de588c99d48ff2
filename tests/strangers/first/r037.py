import numpy as np


def pair(x):
    return x if isinstance(x, tuple) else (x, x)


def conv2d_simple(x, W, b=None, stride=1, pad=0):
    (SH, SW), (PH, PW) = pair(stride), pair(pad)
    N, C, H, Wd = x.shape
    OC, _, KH, KW = W.shape
    OH = (H + PH * 2 - KH) // SH + 1
    OW = (Wd + PW * 2 - KW) // SW + 1
    img = np.zeros((N, C, H + 2 * PH, Wd + 2 * PW), dtype=x.dtype)
    img[:, :, PH:PH + H, PW:PW + Wd] = x
    a, c, d, e = img.strides
    col = np.lib.stride_tricks.as_strided(img, (N, C, KH, KW, OH, OW), (a, c, d, e, d * SH, e * SW))
    y = np.tensordot(col, W, ((1, 2, 3), (1, 2, 3)))
    if b is not None:
        y += b
    return np.rollaxis(y, 3, 1)
