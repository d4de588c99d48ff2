import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_strides(x, kernel, strides=(1, 1)):
    """strides = (vertical, horizontal)"""
    sx, sy = strides
    windows = sliding_window_view(x, kernel.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::sy, ::sx]
    n, c, oh, ow, kh, kw = windows.shape
    mat = windows.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, c * kh * kw)
    flat = kernel.reshape(kernel.shape[0], -1)
    return (mat @ flat.T).reshape(n, oh, ow, -1).transpose(0, 3, 1, 2)
