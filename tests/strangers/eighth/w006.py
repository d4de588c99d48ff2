import numpy as np


def im2col(x, kh, kw, stride):
    n, c, h, w = x.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    cols = np.empty((n, oh, ow, kh, kw, c))
    for i in range(kh):
        for j in range(kw):
            part = x[:, :, i:i + stride * oh:stride, j:j + stride * ow:stride]
            cols[:, :, :, i, j, :] = part.transpose(0, 2, 3, 1)
    return cols.reshape(n * oh * ow, -1), oh, ow


def conv2d(x, w, b=None, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols, oh, ow = im2col(x, w.shape[2], w.shape[3], stride)
    y = cols @ w.reshape(w.shape[0], -1).T
    if b is not None:
        y = y + b
    return y.reshape(x.shape[0], oh, ow, -1).transpose(0, 3, 1, 2)
