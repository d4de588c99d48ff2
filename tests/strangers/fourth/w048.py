import numpy as np

def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride = conv_param.get("stride", 1)
    pad = conv_param.get("pad", 0)
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, oh, ow = dout.shape
    x_pad = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    dx_pad = np.zeros_like(x_pad)
    dw = np.zeros_like(w)
    db = np.sum(dout, axis=(0, 2, 3))
    for n in range(N):
        for i in range(oh):
            for j in range(ow):
                top, left = i * stride, j * stride
                patch = x[n, :, top:top + HH, left:left + WW]
                ph, pw = patch.shape[1:]
                for f in range(F):
                    dw[f, :, :ph, :pw] += patch * dout[n, f, i, j]
                    dx_pad[n, :, top:top + HH, left:left + WW] += w[f] * dout[n, f, i, j]
    dx = dx_pad[:, :, pad:H + pad, pad:W + pad]
    return dx, dw, db
