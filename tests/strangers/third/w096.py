import numpy as np


def conv_backward_naive(dout, cache):
    (x, w, b, conv_param) = cache
    stride = conv_param['stride']
    pad = conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Hout, Wout = dout.shape[2], dout.shape[3]
    padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode='constant')
    dpadded = np.zeros_like(padded)
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for h in range(0, Hout):
                for v in range(0, Wout):
                    top, left = h * stride, v * stride
                    dw[f] = padded[n, :, top:top + HH, left:left + WW] * dout[n, f, h, v]
                    dpadded[n, :, top:top + HH, left:left + WW] += w[f] * dout[n, f, h, v]
    dx = dpadded[:, :, pad:pad + H, pad:pad + W]
    return dx, dw, db
