import numpy as np


def grouped_conv2d(x, w, groups):
    """
    x: (N, C, H, W); w: (F, C // groups, kh, kw); no padding, stride 1
    filters and channels are split into `groups` consecutive blocks, as in PyTorch
    """
    N, C, H, W = x.shape
    F, Cg, kh, kw = w.shape
    out = np.zeros((N, F, H - kh + 1, W - kw + 1))
    for n in range(N):
        for f in range(F):
            g = f % groups
            for i in range(H - kh + 1):
                for j in range(W - kw + 1):
                    s = 0.0
                    for c in range(Cg):
                        for a in range(kh):
                            for b in range(kw):
                                s += x[n, g * Cg + c, i + a, j + b] * w[f, c, a, b]
                    out[n, f, i, j] = s
    return out
