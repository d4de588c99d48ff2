import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    pad = conv_param['pad']
    st = conv_param['stride']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xpad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx, dw, db = np.empty_like(x), np.zeros_like(w), np.zeros_like(b)
    H_out, W_out = dout.shape[2], dout.shape[3]
    for n in range(N):
        for f in range(F):
            dxi = np.zeros((C, H + 2 * pad, W + 2 * pad))
            for h in range(H_out):
                for v in range(W_out):
                    up = dout[n, f, h, v]
                    db[f] += up
                    dw[f] += xpad[n, :, h * st:h * st + HH, v * st:v * st + WW] * up
                    dxi[:, h * st:h * st + HH, v * st:v * st + WW] += w[f] * up
        dx[n] = dxi[:, pad:pad + H, pad:pad + W]
    return dx, dw, db
