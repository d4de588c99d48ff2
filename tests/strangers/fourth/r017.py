import numpy as np

def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    S, P = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    N, F, Ho, Wo = dout.shape
    xp = np.pad(x, ((0,), (0,), (P,), (P,)), mode='constant')
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(Ho):
        for j in range(Wo):
            d = dout[:, :, i, j]
            rs, cs = slice(i * S, i * S + HH), slice(j * S, j * S + WW)
            dw += np.tensordot(d, xp[:, :, rs, cs], axes=(0, 0))
            dxp[:, :, rs, cs] += np.tensordot(d, w, axes=(1, 0))
    dx = dxp[:, :, P:P + H, P:P + W]
    db = dout.sum((0, 2, 3))
    return dx, dw, db
