import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0,), (0,), (p,), (p,)))
    HH, WW = w.shape[2:]
    Ho = 1 + (xp.shape[2] - HH) // s
    Wo = 1 + (xp.shape[3] - WW) // s
    out = np.zeros((x.shape[0], w.shape[0], Ho, Wo))
    for n in range(x.shape[0]):
        for i in range(Ho):
            for j in range(Wo):
                win = xp[n, :, i * s:i * s + HH, j * s:j * s + WW]
                out[n, :, i, j] = np.sum(win * w, axis=(1, 2, 3)) + b
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    HH, WW = w.shape[2:]
    xp = np.pad(x, ((0,), (0,), (p,), (p,)))
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        g = dout[n, f, i, j]
        rows, cols = slice(i * s, i * s + HH), slice(j * s, j * s + WW)
        dw[f] += g * xp[n, :, rows, cols]
        dxp[n, :, rows, cols] += g * w[f]
    dx = dxp[:, :, p:p + x.shape[2], p:p + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))
