import numpy as np


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, F, oh, ow))
    xp = np.zeros((C, H + 2 * padding, W + 2 * padding))
    xp[:, padding:padding + H, padding:padding + W] = x[0]
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    s = b[f]
                    for c in range(C):
                        for u in range(kh):
                            for v in range(kw):
                                s += xp[c, i * stride + u, j * stride + v] * w[f, c, u, v]
                    out[n, f, i, j] = s
    return out
