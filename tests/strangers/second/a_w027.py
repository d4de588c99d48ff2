import numpy as np
from numpy.lib import stride_tricks


def xcorr(x, kernels, stride=1, padding=0):
    """x: (N, C, H, W); kernels: (K, C, R, S)."""
    p = padding
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), 'constant')
    windows = stride_tricks.sliding_window_view(xp, kernels.shape[2:], axis=(-2, -1))
    windows = windows[:, :, ::stride]
    return np.einsum('nchwrs,kcrs->nkhw', windows, kernels, optimize=True)
