import numpy as np


def corr2d(X, K):
    h, w = K.shape
    Y = np.zeros((X.shape[0] - h + 1, X.shape[1] - w + 1))
    for i in range(Y.shape[0]):
        for j in range(Y.shape[1]):
            Y[i, j] = (X[i: i + h, j: j + w] * K).sum()
    return Y


def corr2d_multi_in(X, K):
    res = corr2d(X[0], K[0])
    for c in range(1, len(X)):
        res = res + corr2d(X[c], K[0])
    return res


def corr2d_multi_in_out(X, K):
    return np.stack([corr2d_multi_in(X, kernel) for kernel in K], axis=0)
