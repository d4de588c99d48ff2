import math

import numpy as np


def conv_loop(x, w, stride=1, pad=0):
    x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    n, c, Hp, Wp = x.shape
    f, _, kh, kw = w.shape
    oh = math.ceil((Hp - kh) / stride) + 1
    ow = math.ceil((Wp - kw) / stride) + 1
    out = np.empty((n, f, oh, ow))
    for i in range(oh):
        top = min(i * stride, Hp - kh)
        for j in range(ow):
            left = min(j * stride, Wp - kw)
            window = x[:, :, top:top + kh, left:left + kw]
            for k in range(f):
                out[:, k, i, j] = (window * w[k]).sum(axis=(1, 2, 3))
    return out
