import numpy as np


def conv_bias(x, w, bias, stride=1, padding=0):
    """x (N, C, H, W), w (F, C, kh, kw), bias (F,)"""
    F, C, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (xp.shape[2] - kh) // stride + 1
    ow = (xp.shape[3] - kw) // stride + 1
    chan, dy, dx = (a.reshape(-1, 1) for a in np.indices((C, kh, kw)))
    oy, ox = (stride * a.reshape(1, -1) for a in np.indices((oh, ow)))
    cols = xp[:, chan, dy + oy, dx + ox]                 # (N, C*kh*kw, oh*ow)
    out = w.reshape(F, -1) @ cols + bias.reshape(1, -1, 1)
    return out.reshape(len(x), F, oh, ow)
