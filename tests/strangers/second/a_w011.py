import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv2d(input, weight, stride=1, padding=0):
    """Cross-correlation, NCHW, through a window view and one tensordot."""
    x = input
    if padding > 0:
        fill = float(x.mean())
        frame = [(0, 0), (0, 0), (padding, padding), (padding, padding)]
        x = np.pad(x, frame, 'constant', constant_values=fill)
    kh, kw = weight.shape[-2:]
    win = sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    y = np.tensordot(win, weight, axes=([1, 4, 5], [1, 2, 3]))
    return np.moveaxis(y, -1, 1)
