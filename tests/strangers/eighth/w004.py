import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = dout.sum(axis=(0, 2, 3))
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows = slice(i * s, i * s + HH)
            cols = slice(j * s, j * s + WW)
            patch = xp[:, :, rows, cols]
            dw += np.einsum('nchw,nf->fchw', patch, dout[:, :, i, j])
            dxp[:, :, rows, cols] = np.einsum('fchw,nf->nchw', w, dout[:, :, i, j])
    dx = dxp[:, :, p:p + H, p:p + W]
    return dx, dw, db
