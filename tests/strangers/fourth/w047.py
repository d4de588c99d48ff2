import numpy as np


def conv_backward_naive(dout, cache):
    """Backward pass, returns dx, dw, db."""
    x, w, b, conv_param = cache
    s, p = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    Ho, Wo = dout.shape[2], dout.shape[3]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
    dxp = np.zeros(xp.shape)
    dw = np.zeros(w.shape)
    db = np.zeros(b.shape)
    for n in range(N):
        for f in range(F):
            db[f] = np.sum(dout[n, f])
            for i in range(Ho):
                for j in range(Wo):
                    g = dout[n, f, i, j]
                    dw[f] += xp[n, :, i * s:i * s + HH, j * s:j * s + WW] * g
                    dxp[n, :, i * s:i * s + HH, j * s:j * s + WW] += w[f] * g
    return dxp[:, :, p:p + H, p:p + W], dw, db
