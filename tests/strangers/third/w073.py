import numpy as np


def conv_layer(x, weight, bias=None, stride=1, padding=0):
    n, h, w, c = x.shape
    kh, kw, _, n_out = weight.shape
    xp = np.zeros((n, h + 2 * padding, w + 2 * padding, c))
    xp[:, padding:padding + h, padding:padding + w] = x
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    out = np.zeros((n, oh, ow, n_out))
    for i in range(oh):
        for j in range(ow):
            win = xp[:, i * stride:i * stride + kh, j * stride:j * stride + kw, :]
            out[:, i, j] = np.tensordot(win, weight, axes=([1, 2, 3], [0, 1, 2]))
    if bias is not None:
        for o in range(n_out):
            out[:, o:o + 1] += bias[o]
    return out
