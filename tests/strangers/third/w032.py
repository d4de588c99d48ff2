import numpy as np


def gather_indices(channels, kh, kw, oh, ow, stride):
    ch, u, v = np.indices((channels, kh, kw)).reshape(3, -1, 1)
    i, j = np.indices((oh, ow)).reshape(2, 1, -1)
    return ch, u + stride * i, v + stride * j


def conv2d(input, weight, stride=1, padding=0):
    p = padding
    n_filters, d, h_f, w_f = weight.shape
    x_pad = np.pad(input, ((0, 0), (0, 0), (p, p), (p, p)))
    oh = (x_pad.shape[2] - h_f) // stride + 1
    ow = (x_pad.shape[3] - w_f) // stride + 1
    ch, r, c = gather_indices(d, h_f, w_f, oh, ow, stride)
    cols = x_pad[:, ch, r, c]                       # N, C*h_f*w_f, oh*ow
    X_col = cols.transpose(1, 0, 2).reshape(d * h_f * w_f, -1)
    W_col = weight.reshape(n_filters, -1)
    out = W_col @ X_col
    return out.reshape(input.shape[0], n_filters, oh, ow)
