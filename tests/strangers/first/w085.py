import numpy as np
from numba import njit


@njit
def _at(x, n, c, y, z):
    h, w = x.shape[2], x.shape[3]
    y = min(max(y, 0), h - 1)
    z = min(max(z, 0), w - 1)
    return x[n, c, y, z]


@njit
def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    F, _, R, S = weight.shape
    P = (H + 2 * padding - R) // stride + 1
    Q = (W + 2 * padding - S) // stride + 1
    out = np.zeros((N, F, P, Q))
    for n in range(N):
        for f in range(F):
            for p in range(P):
                for q in range(Q):
                    for c in range(C):
                        for r in range(R):
                            for s in range(S):
                                v = _at(input, n, c, p * stride + r - padding, q * stride + s - padding)
                                out[n, f, p, q] += v * weight[f, c, r, s]
    return out
