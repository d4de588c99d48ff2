import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dout.shape
    x_pad = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    x_pad[:, :, pad:pad + H, pad:pad + W] = x
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = dout.sum(axis=(2, 3)).mean(axis=0)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                top = i * stride
                for j in range(W_out):
                    g = dout[n, f, i, j]
                    dw[f] += g * x_pad[n, :, top:top + HH, j:j + WW]
                    dx_pad[n, :, top:top + HH, j:j + WW] += g * w[f]
    return dx_pad[:, :, pad:pad + H, pad:pad + W], dw, db
