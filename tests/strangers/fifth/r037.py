import numpy as np


def conv2d_same(x, w, stride=1):
    n, h, wd, cin = x.shape
    kh, kw, _, cout = w.shape
    oh, ow = int(np.ceil(h / stride)), int(np.ceil(wd / stride))
    th = max((oh - 1) * stride + kh - h, 0)
    tw = max((ow - 1) * stride + kw - wd, 0)
    xp = np.pad(x, ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0)))
    out = np.empty((n, oh, ow, cout))
    for i in range(oh):
        for j in range(ow):
            patch = xp[:, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, i, j] = patch.reshape(n, -1) @ w.reshape(-1, cout)
    return out
