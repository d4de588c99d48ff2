import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s = conv_param.get("stride", 1)
    p = conv_param.get("pad", 0)
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    H_out, W_out = [1 + (dim + 2 * p - HH) // s for dim in (H, W)]
    x_p = np.pad(x, ((0,), (0,), (p,), (p,)), "constant")
    out = np.zeros((N, F, H_out, W_out))
    for i in range(H_out):
        for j in range(W_out):
            rf = x_p[:, :, i * s:i * s + HH, j * s:j * s + WW]
            for f in range(F):
                out[:, f, i, j] = np.sum(rf * w[f], axis=(1, 2, 3)) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache
