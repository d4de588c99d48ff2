import numpy as np


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, H, Wd, C = A_prev.shape
    f = W.shape[0]
    X = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dX = np.zeros_like(X)
    dW = np.zeros_like(W)
    for h in range(dZ.shape[1]):
        for w in range(dZ.shape[2]):
            rows = slice(h * stride, h * stride + f)
            cols = slice(w * stride, w * stride + f)
            g = dZ[:, h, w]                                  # (m, n_C)
            dX[:, rows, cols] += np.einsum("nf,ijcf->nijc", g, W)
            dW += np.einsum("nijc,nf->ijcf", X[:, rows, cols], g)
    db = dZ.sum(axis=(0, 1, 2)).reshape(b.shape)
    dA = dX[:, pad:pad + H, pad:pad + Wd]
    return dA, dW / m, db
