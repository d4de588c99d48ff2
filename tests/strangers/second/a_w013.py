import numpy as np


def pad_planes(x, p):
    if p == 0:
        return x
    n, c, _, w = x.shape
    strip = np.zeros((n, c, p, w))
    return np.concatenate([strip, x, strip], axis=2)


def correlate(x, w, bias, stride=1, padding=0):
    xp = pad_planes(x, padding)
    k = w.shape[2:]
    oh = (xp.shape[2] - k[0]) // stride + 1
    ow = (xp.shape[3] - k[1]) // stride + 1
    out = np.empty((x.shape[0], w.shape[0], oh, ow))
    for i in range(oh):
        for j in range(ow):
            cut = xp[:, None, :, i * stride:i * stride + k[0], j * stride:j * stride + k[1]]
            out[:, :, i, j] = (cut * w[None]).sum(axis=(2, 3, 4)) + bias
    return out
