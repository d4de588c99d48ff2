import numpy as np


def conv_bias(X, W, b, s=1, p=0):
    N, C, H, Wd = X.shape
    F, _, hh, ww = W.shape
    Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
    Ho, Wo = (H + 2 * p - hh) // s + 1, (Wd + 2 * p - ww) // s + 1
    Z = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for c in range(C):
                for i in range(Ho):
                    for j in range(Wo):
                        patch = Xp[n, c, i * s:i * s + hh, j * s:j * s + ww]
                        Z[n, f, i, j] += np.sum(patch * W[f, c]) + b[f]
    return Z
