import numpy as np


def _patches(x, kh, kw, s):
    v = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    n, c, oh, ow = v.shape[:4]
    return v.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, c * kh * kw), oh, ow


def conv2d(input, weight, stride=1, padding=0):
    p = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    f, c, kh, kw = weight.shape
    cols, oh, ow = _patches(np.pad(input, p, 'edge'), kh, kw, stride)
    res = cols.dot(weight.reshape(f, -1).T)
    return res.reshape(len(input), oh, ow, f).transpose(0, 3, 1, 2)
