import numpy as np
from numba import njit


@njit
def _accumulate(xp, g, dw):
    n, f, oh, ow = g.shape
    c, kh, kw = dw.shape[1:]
    for b in range(n):
        for o in range(f):
            for i in range(oh):
                for j in range(ow):
                    for ch in range(c):
                        for a in range(kh):
                            for q in range(kw):
                                dw[o, ch, a, q] += g[b, o, i, j] * xp[b, ch, i + a, j + q]


def weight_gradient(inp, weight_size, dout, stride=1, p=0):
    xp = np.pad(inp, ((0, 0), (0, 0), (p, p), (p, p)))
    dw = np.zeros(weight_size)
    _accumulate(xp, dout, dw)
    return dw
