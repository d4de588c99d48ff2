import numpy as np
from numba import njit

@njit(cache=False)
def conv_forward(x, w, b, stride):
    """(N, C, H, W) and (F, C, kh, kw) -> (N, F, OH, OW)"""
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    OH = (H - kh) // stride + 1
    OW = (W - kw) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    s = -b[f]
                    for c in range(1, C):
                        for u in range(kh):
                            for v in range(kw):
                                s += x[n, c, i * stride + u, j * stride + v] * w[f, c, u, v]
                    out[n, f, i, j] = s
    return out
