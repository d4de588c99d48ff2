import numpy as np


def conv_backward(dZ, cache):
    """
    Arguments:
    dZ -- gradient of the cost with respect to the output Z, shape (m, n_H, n_W, n_C)
    cache -- what conv_forward() handed over
    """
    A_prev, W, b, hparameters = cache
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f = W.shape[0]
    s, p = hparameters['stride'], hparameters['pad']
    _, n_H, n_W, n_C = dZ.shape

    padded = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)), 'constant', constant_values=0)
    grad_padded = np.zeros_like(padded)
    dW = np.zeros_like(W)
    db = dZ.sum(axis=(0, 1, 2)).reshape(1, 1, 1, n_C)
    for h in range(n_H):
        for w in range(n_W):
            window = padded[:, h * s:h * s + f, w * s:w * s + f, :]
            for c in range(n_C):
                g = dZ[:, h, w, c].reshape(m, 1, 1, 1)
                dW[:, :, :, c] += np.sum(window * g, axis=0)
                grad_padded[:, h * s:h * s + f, w * s:w * s + f, :] += g * W[:, :, :, c]
    dW = (1. / m) * dW
    dA_prev = grad_padded[:, p:n_H_prev + p, p:n_W_prev + p, :]
    return dA_prev, dW, db
