import numpy as np
from numba import njit


@njit
def conv_fixed(x, w):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    out = np.zeros((N, F, H - kh + 1, W - kw + 1), dtype=np.int32)
    for n in range(N):
        for f in range(F):
            for i in range(H - kh + 1):
                for j in range(W - kw + 1):
                    for c in range(C):
                        for a in range(kh):
                            for b in range(kw):
                                out[n, f, i, j] += np.int32(x[n, c, i + a, j + b] * w[f, c, a, b])
    return out
