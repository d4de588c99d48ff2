import numpy as np


def conv2d(X, W, p=(0, 0), s=(1, 1)):
    W_rot = np.rot90(np.asarray(W), 2)
    X_padded = np.pad(np.asarray(X, dtype=float), ((p[0], p[0]), (p[1], p[1])))
    step = s[0]
    k1, k2 = W_rot.shape
    res = []
    for i in range(0, X_padded.shape[0] - k1 + 1, step):
        row = []
        for j in range(0, X_padded.shape[1] - k2 + 1, step):
            row.append(np.sum(X_padded[i:i + k1, j:j + k2] * W_rot))
        res.append(row)
    return np.array(res)
