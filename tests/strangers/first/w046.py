import numpy as np


def zero_pad(X, pad):
    return np.pad(X, ((0, 0), (pad, pad), (pad, pad), (0, 0)), mode='constant')


def conv_forward(A_prev, W, b, hparameters):
    stride, pad = hparameters['stride'], hparameters['pad']
    m, H, Wd, C_in = A_prev.shape
    f, _, _, C_out = W.shape
    n_H = (H + 2 * pad - f) // stride + 1
    n_W = (Wd + 2 * pad - f) // stride + 1
    padded = zero_pad(A_prev, pad)
    Z = np.zeros((padded.shape[0], n_H, n_W, C_out))
    for i in range(m):
        example = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                piece = example[h * stride:h * stride + f, w * stride:w * stride + f]
                r, s = piece.shape[:2]
                for c in range(C_out):
                    Z[i, h, w, c] = np.sum(piece * W[:r, :s, :, c]) + b[0, 0, 0, c]
    cache = (A_prev, W, b, hparameters)
    return Z, cache
