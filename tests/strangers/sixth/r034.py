import numpy as np
from numba import njit, prange


@njit(parallel=True)
def conv_forward(x, w, b, stride, pad):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    OH = (H + 2 * pad - kh) // stride + 1
    OW = (W + 2 * pad - kw) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for t in prange(N * F):
        n = t // F
        f = t % F
        for i in range(OH):
            for j in range(OW):
                s = b[f]
                for c in range(C):
                    for u in range(kh):
                        y = i * stride + u - pad
                        if 0 <= y < H:
                            for v in range(kw):
                                z = j * stride + v - pad
                                if 0 <= z < W:
                                    s += x[n, c, y, z] * w[f, c, u, v]
                out[n, f, i, j] = s
    return out
