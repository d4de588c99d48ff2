import numpy as np


def conv2d(X, W, p=(0, 0), s=(1, 1)):
    W_rot = np.array(W)[::-1, ::-1]
    X = np.pad(np.array(X, dtype=float), ((p[0], p[0]), (p[1], p[1])))
    out_h = (X.shape[0] - W_rot.shape[0]) // s[0] + 1
    out_w = (X.shape[1] - W_rot.shape[1]) // s[1] + 1
    res = np.zeros((out_h, out_w))
    for i in range(out_h):
        for j in range(out_w):
            r, c = i * s[0], j * s[1]
            res[i, j] = np.sum(X[r:r + W_rot.shape[0], c:c + W_rot.shape[1]] * W_rot)
    return res
