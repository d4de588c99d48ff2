import numpy as np


def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, _ = A_prev.shape
    f = W.shape[0]
    n_C = W.shape[3]
    s = hparameters["stride"]
    p = hparameters["pad"]
    n_H = (n_H_prev - f + 2 * p) // s + 1
    n_W = (n_W_prev - f + 2 * p) // s + 1
    A_prev_pad = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)), "constant")
    a_prev_pad = A_prev_pad[0]
    Z = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    a_slice_prev = a_prev_pad[h * s:h * s + f, w * s:w * s + f, :]
                    Z[i, h, w, c] = np.sum(a_slice_prev * W[:, :, :, c]) + b[0, 0, 0, c]
    cache = (A_prev, W, b, hparameters)
    return Z, cache
