import numpy as np


def conv2d_nhwc(x, w, stride=1, padding=0):
    """x: NHWC, w: HWIO."""
    kh, kw, ci, co = w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    n, h, wd, _ = x.shape
    oh, ow = (h - kh) // stride + 1, (wd - kw) // stride + 1
    cols = np.empty((n, oh, ow, kh, kw, ci))
    for i in range(oh):
        for j in range(ow):
            cols[:, i, j] = x[:, i * stride:i * stride + kh, j * stride:j * stride + kw]
    return cols.reshape(n, oh, ow, -1) @ w.reshape(-1, co)
