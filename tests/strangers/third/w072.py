import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_hwio(images, filters, stride=1, padding=0):
    images = np.pad(images, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    kh, kw, ci, co = filters.shape
    win = sliding_window_view(images, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    win = win.transpose(0, 1, 2, 4, 5, 3)
    n, oh, ow = win.shape[:3]
    flat = win.reshape(n * oh * ow, kh * kw * ci)
    return (flat @ filters.reshape(co, -1).T).reshape(n, oh, ow, co)
