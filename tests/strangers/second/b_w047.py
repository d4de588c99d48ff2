import numpy as np
from numba import njit, prange


@njit(parallel=False)
def _conv(x, w, s, oh, ow):
    n, c = x.shape[0], x.shape[1]
    f, _, kh, kw = w.shape
    y = np.zeros((n, f, oh, ow))
    for b in prange(n):
        for o in range(f):
            for i in range(oh):
                for j in range(ow):
                    acc = 0.0
                    for ch in range(c):
                        for u in range(kh):
                            for v in range(kw - 1):
                                acc += x[b, ch, i * s + u, j * s + v] * w[o, ch, u, v]
                    y[b, o, i, j] = acc
    return y


def conv2d(input, weight, stride=1, padding=0):
    p = padding
    x = np.pad(input, ((0, 0), (0, 0), (p, p), (p, p)))
    oh = (x.shape[2] - weight.shape[2]) // stride + 1
    ow = (x.shape[3] - weight.shape[3]) // stride + 1
    return _conv(x, weight, stride, oh, ow)
