import numpy as np


def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    m, H, Wd, C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    _, n_H, n_W, _ = dZ.shape
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dA_pad = np.zeros_like(A_prev_pad)
    dW = np.zeros_like(W)
    db = np.zeros((1, 1, 1, n_C))
    for i in range(m):
        a_prev = A_prev[i]
        for h in range(n_H):
            for w in range(n_W):
                v0, h0 = h * stride, w * stride
                a_slice = a_prev[v0:v0 + f, h0:h0 + f, :]
                sh, sw = a_slice.shape[:2]
                for c in range(n_C):
                    g = dZ[i, h, w, c]
                    dA_pad[i, v0:v0 + f, h0:h0 + f, :] += W[:, :, :, c] * g
                    dW[:sh, :sw, :, c] += a_slice * g
                    db[..., c] += g
    dA_prev = dA_pad[:, pad:pad + H, pad:pad + Wd, :]
    return dA_prev, dW, db
