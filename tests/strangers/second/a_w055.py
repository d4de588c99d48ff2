import numpy as np


def conv_backward_naive(dout, cache):
    """Backward pass of the naive convolution: gradients for x, w and b."""
    x, w, b, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, Hd, Wd = dout.shape
    x_pad = np.pad(x, ((0,), (0,), (pad,), (pad,)), 'constant')
    dx_pad = np.zeros(x_pad.shape)
    dw, db = np.zeros(w.shape), np.zeros(F)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            grad_f = np.zeros((C, HH, WW))
            for i in range(Hd):
                for j in range(Wd):
                    hs, ws = i * stride, j * stride
                    grad_f += x_pad[n, :, hs:hs + HH, ws:ws + WW] * dout[n, f, i, j]
                    dx_pad[n, :, hs:hs + HH, ws:ws + WW] += w[f] * dout[n, f, i, j]
            dw[f] = grad_f
    dx = dx_pad[:, :, pad:H + pad, pad:W + pad]
    return dx, dw, db
