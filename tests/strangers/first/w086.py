import numpy as np
from numba import njit


@njit
def strided_nb(X, K, stride=1):
    """Valid cross-correlation of (N, C, H, W) with (F, C, kh, kw)."""
    N, C, H, W = X.shape
    F, _, kh, kw = K.shape
    oh, ow = (H - kh) // stride + 1, (W - kw) // stride + 1
    Y = np.zeros((N, F, oh, ow))
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    for a in range(kh):
                        for b in range(kw):
                            r = (i + a) * stride
                            c = (j + b) * stride
                            if r < H and c < W:
                                for ch in range(C):
                                    Y[n, f, i, j] += X[n, ch, r, c] * K[f, ch, a, b]
    return Y
