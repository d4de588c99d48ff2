import numpy as np
from numba import njit


@njit
def _dw(x, g, stride, dw):
    N, O, OH, OW = g.shape
    _, C, kh, kw = dw.shape
    for n in range(N):
        for o in range(O):
            for c in range(C):
                for a in range(kh):
                    for b in range(kw):
                        s = 0.0
                        for i in range(OH):
                            for j in range(OW):
                                s += g[n, o, i, j] * x[n, c, a + i * stride, b + j * stride]
                        dw[o, c, a, b] = s


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    dw = np.zeros(weight_size)
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    _dw(x, grad_output, stride, dw)
    return dw
