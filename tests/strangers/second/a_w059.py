import numpy as np


def windows(xp, HH, WW, s):
    v = np.lib.stride_tricks.sliding_window_view(xp, (HH, WW), axis=(2, 3))
    return v[:, :, ::s, ::s]


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.einsum('nchwij,fcij->nfhw', windows(xp, *w.shape[2:], s), w) + b[:, None, None]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    H, W = x.shape[2:]
    HH, WW = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    db = np.einsum('nfhw->f', dout)
    dw = np.einsum('nchwij,nfhw->fcij', windows(xp, HH, WW, s), dout)
    dxp = np.zeros_like(xp)
    for h in range(dout.shape[2]):
        for v in range(dout.shape[3]):
            dxp[:, :, h * s:h * s + HH, v * s:v * s + WW] += np.einsum('nf,fcij->ncij', dout[:, :, h, v], w)
    dx = dxp[:, :, p:p + H, p:p + W]
    return dw, dx, db
