import numpy as np


def im2col(x, kh, kw, stride):
    n, c, h, w = x.shape
    oh = (h - kh) // stride + 1
    ow = (w - kw) // stride + 1
    cols = np.zeros((n, c, kh, kw, oh, ow))
    for i in range(kh):
        for j in range(kw):
            cols[:, :, i, j] = x[:, :, i:i + stride * oh:stride, j:j + stride * ow:stride]
    return cols.reshape(n, c * kh * kw, oh * ow), oh, ow


def conv2d(input, weight, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    o, c, kh, kw = weight.shape
    cols, oh, ow = im2col(x, kh, kw, stride)
    w_mat = weight.transpose(0, 2, 3, 1).reshape(o, -1)
    out = w_mat @ cols
    return out.reshape(input.shape[0], o, oh, ow)
