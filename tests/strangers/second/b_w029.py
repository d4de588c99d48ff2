import numpy as np


def conv2d_nhwc(x, filters, stride=1, padding=0):
    b, h, w, c = x.shape
    kh, kw, c_in, c_out = filters.shape
    p = padding
    xp = np.zeros((b, h + 2 * p, w + 2 * p, c), dtype=x.dtype)
    xp[:, p:p + h, p:p + w, :] = x
    oh = (h + 2 * p - kh) // stride + 1
    ow = (w + 2 * p - kw) // stride + 1
    y = np.zeros((b, oh, ow, c_out))
    for i in range(oh):
        for j in range(ow):
            win = xp[:, i * stride:i * stride + kh, j * stride:j * stride + kw, :]
            y[:, i, j, :] = np.einsum("bhwo,hwio->bi", win, filters)
    return y
