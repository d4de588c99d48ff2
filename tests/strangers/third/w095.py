import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    p, s = conv_param['pad'], conv_param['stride']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, OH, OW = dout.shape

    xp = np.pad(x, ((0,), (0,), (p,), (p,)), 'constant')
    dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for i in range(OH):
        for j in range(OW):
            window = xp[:, :, i * s:i * s + HH, j * s:j * s + WW]
            for f in range(F):
                dw[f] += np.sum(window * dout[:, f, i, j][:, None, None, None], axis=0)
            for n in range(N):
                dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += np.sum(w * dout[n, :, i, j][:, None, None, None], axis=0)
    db = dout.sum(axis=(0, 2))
    return dxp[:, :, p:p + H, p:p + W], dw, db
