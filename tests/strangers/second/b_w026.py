import numpy as np


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    s, p = hparameters['stride'], hparameters['pad']
    m, H, Wd, C = A_prev.shape
    f = W.shape[0]
    Apad = np.pad(A_prev, [(0, 0), (p, p), (p, p), (0, 0)])
    dApad = np.zeros(Apad.shape)
    dW = np.zeros(W.shape)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            rows = slice(h * s, h * s + f)
            cols = slice(w * s, w * s + f)
            g = dZ[:, h, w, :]                                   # (m, n_C)
            dApad[:, rows, cols, :] = np.einsum('mc,abdc->mabd', g, W)
            dW += np.einsum('mabd,mc->abdc', Apad[:, rows, cols, :], g)
    db = dZ.sum(axis=(0, 1, 2)).reshape(1, 1, 1, -1)
    dA_prev = dApad[:, p:p + H, p:p + Wd, :]
    return dA_prev, dW, db
