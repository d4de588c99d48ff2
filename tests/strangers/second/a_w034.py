import numpy as np


def im2col(x, kh, kw, stride, pad):
    N, C, H, W = x.shape
    oh = (H + 2 * pad - kh) // stride + 1
    ow = (W + 2 * pad - kw) // stride + 1
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    col = np.empty((N, C, kh, kw, oh, ow), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            col[:, :, i, j] = x[:, :, i:i + stride * oh:stride, j:j + stride * ow:stride][:, :, :oh, :ow]
    return col.reshape(N, C * kh * kw, oh * ow), oh, ow


def apply_filters(data, filt, stride=1, padding=0):
    O, C, kh, kw = filt.shape
    col, oh, ow = im2col(data, kh, kw, stride, padding)
    W_row = filt.transpose(0, 2, 3, 1).reshape(O, -1)
    out = W_row @ col
    return out.reshape(data.shape[0], O, oh, ow)
