import numpy as np

def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    m, H0, W0, _ = A_prev.shape
    f, _, _, n_C = W.shape
    stride = hparameters['stride']
    pad = hparameters['pad']
    n_H, n_W = dZ.shape[1:3]

    dA_prev = np.zeros_like(A_prev)
    dW = np.zeros_like(W)
    db = np.zeros((1, 1, 1, n_C))

    for i in range(m):
        a_prev_pad = np.pad(A_prev[i], ((pad, pad), (pad, pad), (0, 0)))
        da_prev_pad = np.zeros_like(a_prev_pad)
        for h in range(n_H):
            for w in range(n_W):
                v0, h0 = h * stride, w * stride
                v1, h1 = v0 + f, h0 + f
                for c in range(n_C):
                    da_prev_pad[v0:v1, h0:h1, :] += W[:, :, :, c] * dZ[i, h, w, c]
                    dW[:, :, :, c] += a_prev_pad[v0:v1, h0:h1, :] * dZ[i, h, w, c]
                    db[:, :, :, c] += dZ[i, h, w, c]
    dA_prev[i, :, :, :] = da_prev_pad[pad:pad + H0, pad:pad + W0, :]
    assert dA_prev.shape == A_prev.shape
    return dA_prev, dW, db
