import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    v = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], (2, 3))[:, :, ::s, ::s]
    out = np.einsum('nchwij,fcij->nfhw', v, w) + b[None, :, None, None]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, F, Hp, Wp = dout.shape
    HH, WW = w.shape[-2:]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dx, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for f in range(F):
        db[f] = dout[:, f].sum()
        for i in range(Hp):
            for j in range(Wp):
                d = dout[:, f, i, j][:, None, None, None]
                ii, jj = i * s, j * s
                dw[f] += (xp[:, :, ii:ii + HH, jj:jj + WW] * d).sum(0)
                dx[:, :, ii:ii + HH, jj:jj + WW] += w[f] * d
    return dx[:, :, 1:-1, 1:-1], dw, db
