import numpy as np


def conv2d(X, W, p=(0, 0), s=(1, 1)):
    """2-D convolution of X with W, zero padding p, strides s."""
    W_rot = np.array(W)[::-1, ::-1]
    X_orig = np.array(X)
    rows = X_orig.shape[0] + 2 * p[0]
    cols = X_orig.shape[1] + 2 * p[1]
    X_pad = np.zeros((rows, cols))
    X_pad[p[0]:p[0] + X_orig.shape[0], p[1]:p[1] + X_orig.shape[1]] = X_orig

    res = []
    for i in range(0, (rows - W_rot.shape[0]) // s[0] + 1, s[0]):
        line = []
        for j in range(0, (cols - W_rot.shape[1]) // s[1] + 1, s[1]):
            X_sub = X_pad[i:i + W_rot.shape[0], j:j + W_rot.shape[1]]
            line.append(np.sum(X_sub * W_rot))
        res.append(line)
    return np.array(res)
