import numpy as np


def im2col_indices(C, kh, kw, OH, OW, stride):
    i0 = np.tile(np.repeat(np.arange(kh), kw), C)
    j0 = np.tile(np.arange(kw), kh * C)
    i1 = stride * np.tile(np.arange(OH), OW)
    j1 = stride * np.repeat(np.arange(OW), OH)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    c = np.repeat(np.arange(C), kh * kw).reshape(-1, 1)
    return c, i, j


def conv_forward(x, w, stride=1, pad=0):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    OH = (H + 2 * pad - kh) // stride + 1
    OW = (W + 2 * pad - kw) // stride + 1
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    c, i, j = im2col_indices(C, kh, kw, OH, OW, stride)
    cols = xp[:, c, i, j]                       # N, C*kh*kw, OH*OW
    out = w.reshape(F, -1) @ cols               # N, F, OH*OW
    return out.reshape(N, F, OH, OW)
