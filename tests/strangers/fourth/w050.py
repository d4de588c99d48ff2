import numpy as np

def conv_forward(A_prev, W, b, hparameters):
    """Forward pass of a convolutional layer (channels last)."""
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters['stride'], hparameters['pad']

    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1
    Z = np.zeros([m, n_H, n_W, n_C])
    A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)), 'constant')

    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                a_slice = A_prev_pad[i, h * stride:h * stride + f, w * stride:w * stride + f, :]
                for c in range(n_C):
                    weights = W[..., 0]
                    biases = b[..., c]
                    s = np.multiply(a_slice, weights)
                    Z[i, h, w, c] = np.sum(s) + biases.item()

    cache = (A_prev, W, b, hparameters)
    return Z, cache
