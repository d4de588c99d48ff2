import numpy as np


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride = conv_param["stride"]
    pad = conv_param["pad"]
    HH, WW = w.shape[2:]
    Ho, Wo = dout.shape[2:]

    x_p = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="constant")
    dx_p = np.zeros_like(x_p)
    dw = np.zeros_like(w)
    for i in range(Ho):
        for j in range(Wo):
            d = dout[:, :, i, j]                                   # (N, F)
            sl = (slice(None), slice(None),
                  slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW))
            dw += np.tensordot(d, x_p[sl], axes=(0, 0))
            dx_p[sl] += np.tensordot(d, w, axes=(1, 0))
    db = dout.sum(axis=0).sum(axis=1).sum(axis=1)
    dx = dx_p[:, :, pad:-pad, pad:-pad]
    return dx, dw, db
