import numpy as np


def conv_backward(dZ, cache):
    A_prev, W, b, hparams = cache
    stride, pad = hparams["stride"], hparams["pad"]
    m, n_H, n_W, n_C = dZ.shape
    f = W.shape[0]
    pad_width = ((0, 0), (pad, pad), (pad, pad), (0, 0))
    padded = np.pad(A_prev, pad_width)
    d_padded = np.zeros(padded.shape)
    dW, db = np.zeros(W.shape), np.zeros(b.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                y0, x0 = h * stride, w * stride
                piece = padded[i, y0:y0 + f, x0:x0 + f]
                for c in range(n_C):
                    grad = dZ[i, h, w, c]
                    d_padded[i, y0:y0 + f, x0:x0 + f] += W[..., c] * grad
                    dW[..., c] += piece
                    db[..., c] += grad
    H, Wp = A_prev.shape[1:3]
    return d_padded[:, pad:pad + H, pad:pad + Wp], dW, db
