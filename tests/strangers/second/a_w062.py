import numpy as np


def pad4(a, p):
    return np.pad(a, ((0, 0), (p, p), (p, p), (0, 0)))


def conv_forward(A_prev, W, b, hparameters):
    s, p = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    X = pad4(A_prev, p)
    n_H, n_W = (X.shape[1] - f) // s + 1, (X.shape[2] - f) // s + 1
    Z = np.zeros((len(X), n_H, n_W, W.shape[3]))
    for h in range(n_H):
        for w in range(n_W):
            win = X[:, h * s:h * s + f, w * s:w * s + f]
            Z[:, h, w] = np.tensordot(win, W, axes=([1, 2, 3], [0, 1, 2]))
    return Z + b, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    p = hparameters["pad"]
    f = W.shape[0]
    m, n_H, n_W, n_C = dZ.shape
    X = pad4(A_prev, p)
    dX, dW = np.zeros(X.shape), np.zeros(W.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                dX[i, h:h + f, w:w + f] += W @ dZ[i, h, w]
                dW += np.multiply.outer(X[i, h:h + f, w:w + f], dZ[i, h, w])
    db = np.sum(dZ, axis=(0, 1, 2)).reshape(b.shape)
    return dX[:, p:p + A_prev.shape[1], p:p + A_prev.shape[2]], dW, db
