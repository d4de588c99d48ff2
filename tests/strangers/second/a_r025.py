import numpy as np


def conv_forward(A_prev, W, b, hparameters):
    stride = hparameters["stride"]
    pad = hparameters["pad"]
    A = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    win = np.lib.stride_tricks.sliding_window_view(A, W.shape[:2], axis=(1, 2))
    win = win[:, ::stride, ::stride]                   # (m, n_H, n_W, C_prev, f, f)
    Z = np.einsum('mhwcij,ijco->mhwo', win, W) + b
    return Z, (A_prev, W, b, hparameters)
