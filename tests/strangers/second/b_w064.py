import numpy as np


def conv2d(X, W, p=(0, 0), s=(1, 1)):
    X, W = np.asarray(X, dtype=float), np.asarray(W, dtype=float)
    k = W[::-1]
    Xp = np.pad(X, ((p[0], p[0]), (p[1], p[1])))
    n_r = (Xp.shape[0] - k.shape[0]) // s[0] + 1
    n_c = (Xp.shape[1] - k.shape[1]) // s[1] + 1
    Y = np.empty((n_r, n_c))
    for r in range(n_r):
        for c in range(n_c):
            top, left = r * s[0], c * s[1]
            Y[r, c] = (Xp[top:top + k.shape[0], left:left + k.shape[1]] * k).sum()
    return Y
