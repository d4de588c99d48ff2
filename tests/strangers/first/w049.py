import numpy as np


def conv_backward(dZ, cache):
    A_prev, W, b, hp = cache
    s, p = hp['stride'], hp['pad']
    m, n_H, n_W, n_C = dZ.shape
    f = W.shape[0]
    Ap = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    dAp = np.zeros_like(Ap)
    dW = np.zeros_like(W)
    db = np.zeros_like(b)
    for i in range(m):
        for c in range(n_C):
            for h in range(n_H):
                for w in range(n_W):
                    z = dZ[i, h, w, c]
                    box = (i, slice(h * s, h * s + f), slice(w * s, w * s + f))
                    dAp[box] += z * W[:, :, :, c]
                    dW[:, :, :, c] += z * Ap[box]
            db[0, 0, 0, c] = dZ[i, :, :, c].sum()
    H, V = A_prev.shape[1], A_prev.shape[2]
    return dAp[:, p:p + H, p:p + V], dW, db
