import numpy as np


def valid_conv(x, w, stride=1):
    N, C = x.shape[0], x.shape[1]
    F = w.shape[0]
    kh, kw = w.shape[2], w.shape[3]
    n_out = (x.shape[2] - kh) // stride + 1
    y = np.zeros((N, F, n_out, n_out), dtype=float)
    for n in range(N):
        for f in range(F):
            for i in range(n_out):
                for j in range(n_out):
                    for c in range(C):
                        for a in range(kh):
                            for b in range(kw):
                                y[n, f, i, j] += x[n, c, i * stride + a, j * stride + b] * w[f, c, a, b]
    return y
