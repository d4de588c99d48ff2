import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)])
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    ii, jj = i * S, j * S
                    dw[f] += xp[n, :, ii:ii + HH, jj:jj + WW] * dout[n, f, i, j]
                    dxp[n, :, ii:ii + HH, jj:jj + WW] += w[f] * dout[n, f, i, j]
    if P > 0:
        return dxp[:, :, P:-P, P:-P], dw, db
    return dxp, dw, db
