import numpy as np

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H, n_W, n_C = dZ.shape

    dA_prev = np.zeros(A_prev.shape)
    dW = np.zeros(W.shape)
    db = np.sum(dZ, axis=(0, 1, 2), keepdims=True)

    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dA_prev_pad = np.zeros(A_prev_pad.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                hs, ws = h * stride, w * stride
                for c in range(n_C):
                    dA_prev_pad[i, hs:hs + f, ws:ws + f, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += A_prev_pad[i, hs:hs + f, ws:ws + f, :] * dZ[i, h, w, c]
        if pad:
            dA_prev[i] = dA_prev_pad[i, pad:-pad, pad:-pad, :]
        else:
            dA_prev[i] = dA_prev_pad[i]
    assert dA_prev.shape == A_prev.shape
    return dA_prev, dW, db
