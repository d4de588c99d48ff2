import numpy as np


def conv_im2col(x, w, stride=1, padding=0):
    n, c, h, wd = x.shape
    f, _, kh, kw = w.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (wd + 2 * padding - kw) // stride + 1
    xp = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    r = np.arange(oh)[:, None] * stride + np.arange(kh)
    q = np.arange(ow)[:, None] * stride + np.arange(kw)
    cols = xp[:, :, r[:, :, None, None], q[None, None, :, :]]
    cols = cols.transpose(0, 2, 4, 1, 3, 5).reshape(n * oh * ow, c * kh * kw)
    out = cols @ w.reshape(f, -1).T
    return out.reshape(n, oh, ow, f).transpose(0, 3, 1, 2), cols
