import numpy as np
from numba import njit


@njit
def _accumulate(x, g, gw, stride, pad):
    N, O, OH, OW = g.shape
    _, I, KH, KW = gw.shape
    for n in range(N):
        for o in range(O):
            for i in range(OH):
                for j in range(OW):
                    d = g[n, o, i, j]
                    for c in range(I):
                        for a in range(KH):
                            y = i * stride + a - pad
                            if y < 0 or y >= x.shape[2]:
                                continue
                            for b in range(KW):
                                z = j * stride + b - pad
                                if z >= 0 and z < x.shape[3]:
                                    gw[o, c, a, b] += d * x[n, c, y, z]


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    gw = np.zeros(weight_size)
    _accumulate(input, grad_output, gw, stride, padding)
    return gw
