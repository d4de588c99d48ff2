import numpy as np


def im2col(x, kh, kw, stride, pad):
    N, C, H, W = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    OH = (H + 2 * pad - kh) // stride + 1
    OW = (W + 2 * pad - kw) // stride + 1
    cols = np.zeros((C, kh, kw, N, OH, OW))
    for i in range(kh):
        for j in range(kw):
            patch = xp[:, :, i:i + stride * OH:stride, j:j + stride * OW:stride]
            cols[:, i, j] = patch.transpose(1, 0, 2, 3)
    return cols.reshape(C * kh * kw, -1), OH, OW


def conv2d_im2col(x, w, stride=1, pad=0):
    N = x.shape[0]
    F, C, kh, kw = w.shape
    cols, OH, OW = im2col(x, kh, kw, stride, pad)
    out = w.reshape(F, -1) @ cols
    return out.reshape(N, F, OH, OW)
