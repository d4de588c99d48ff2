import numpy as np


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p, f = hparameters["stride"], hparameters["pad"], W.shape[0]
    m, H, Wd, C = A_prev.shape
    _, oh, ow, nC = dZ.shape
    Ap = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    dAp = np.zeros(Ap.shape)
    dW = np.zeros(W.shape)
    for u in range(f):
        for v in range(f):
            r = slice(u, u + s * (oh - 1) + 1, s)
            c = slice(v, v + s * (ow - 1) + 1, s)
            dAp[:, r, c] += dZ @ W[u, v].T
            dW[u, v] = np.tensordot(Ap[:, r, c], dZ, axes=([0, 1, 2], [0, 1, 2]))
    db = dZ.sum((0, 1, 2), keepdims=True)
    return dAp[:, p:p + H, p:p + Wd], dW, db
