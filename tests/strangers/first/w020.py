import numpy as np


def im2col(x, kh, kw, stride):
    N, C, H, W = x.shape
    oh, ow = (H - kh) // stride + 1, (W - kw) // stride + 1
    cols = np.empty((N, oh, ow, kh, kw, C))
    for a in range(kh):
        for b in range(kw):
            part = x[:, :, a:a + (oh - 1) * stride + 1:stride, b:b + (ow - 1) * stride + 1:stride]
            cols[:, :, :, a, b, :] = part.transpose(0, 2, 3, 1)
    return cols.reshape(N * oh * ow, -1), oh, ow


def conv2d(input, weight, stride=1, padding=0):
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols, oh, ow = im2col(xp, weight.shape[2], weight.shape[3], stride)
    out = cols @ weight.reshape(weight.shape[0], -1).T
    return out.reshape(input.shape[0], oh, ow, -1).transpose(0, 3, 1, 2)
