import numpy as np


def conv2d(X, W, p=(0, 0), s=(1, 1)):
    k = np.array(W)[::-1, ::-1]
    X = np.array(X)
    big = np.zeros((X.shape[0] + 2 * p[0], X.shape[1] + 2 * p[1]))
    big[p[0]:p[0] + X.shape[0], p[1]:p[1] + X.shape[1]] = X
    res = []
    for i in range(0, big.shape[0] - k.shape[0] + 1, s[0]):
        res.append([])
        for j in range(0, big.shape[1] - k.shape[1] + 1, s[1]):
            res[-1].append(np.sum(big[i:i + k.shape[0], j:j + k.shape[1]] * k))
    return np.array(res)
