import numpy as np


def conv_forward(A_prev, W, b, hparameters):
    """A_prev (m, H, W, C_prev) -> Z (m, H', W', C)."""
    s, p = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    Ap = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    win = np.lib.stride_tricks.sliding_window_view(Ap, (f, f), axis=(1, 2))
    win = win[:, ::s, ::s]                           # m, H', W', C, f, f
    Z = np.einsum("mhwcij,ijco->mhwo", win, W) + b
    return Z, (A_prev, W, b, hparameters)
