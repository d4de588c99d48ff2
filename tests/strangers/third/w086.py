import numpy as np
from numba import njit


@njit
def _conv(x, w, s):
    n, c, h, wd = x.shape
    o, _, kh, kw = w.shape
    oh = (h - kh) // s + 1
    ow = (wd - kw) // s + 1
    out = np.zeros((n, o, oh, ow))
    acc = np.zeros((o, oh, ow))
    for b in range(n):
        for f in range(o):
            for i in range(oh):
                for j in range(ow):
                    for ch in range(c):
                        for u in range(kh):
                            for v in range(kw):
                                acc[f, i, j] += x[b, ch, i * s + u, j * s + v] * w[f, ch, u, v]
        out[b] = acc
    return out


def conv2d(input, weight, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return _conv(x.astype(np.float64), weight.astype(np.float64), stride)
