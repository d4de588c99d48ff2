import numpy as np


def conv2d_nhwc(x, w, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    n, h, wd, c = x.shape
    kh, kw, ci, co = w.shape
    assert c == ci
    oh, ow = (h - kh) // stride + 1, (wd - kw) // stride + 1
    out = np.zeros((n, oh, ow, co))
    for i in range(kh):
        for j in range(kw):
            out += np.dot(x[:, i:i + stride * oh:stride, j:j + stride * ow:stride], w[i, j])
    return out
