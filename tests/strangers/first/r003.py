import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def _pair(v):
    return (v, v) if np.isscalar(v) else tuple(v)


def my_conv(X, W, stride=1, pad=0):
    sh, sw = _pair(stride)
    ph, pw = _pair(pad)
    Xp = np.pad(X, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
    win = sliding_window_view(Xp, W.shape[2:], axis=(2, 3))[:, :, ::sh, ::sw]
    return np.einsum("bchwij,fcij->bfhw", win, W, optimize=True)
