import numpy as np


def conv_single_step(a_slice_prev, W, b):
    """One filter on one slice; returns a scalar."""
    s = a_slice_prev * W + b
    Z = np.sum(s)
    return Z


def conv_forward(A_prev, W, b, hparameters):
    pad, stride = hparameters["pad"], hparameters["stride"]
    A = np.pad(A_prev, [(0, 0), (pad, pad), (pad, pad), (0, 0)])
    f, n_C = W.shape[0], W.shape[3]
    n_H = (A.shape[1] - f) // stride + 1
    n_W = (A.shape[2] - f) // stride + 1
    Z = np.zeros((A.shape[0], n_H, n_W, n_C))
    for idx in np.ndindex(*Z.shape):
        i, h, w, c = idx
        y, x = h * stride, w * stride
        Z[idx] = conv_single_step(A[i, y:y + f, x:x + f, :], W[..., c], b[..., c])
    return Z, (A_prev, W, b, hparameters)
