import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    Ho = (H + 2 * pad - HH) // stride + 1
    Wo = (W + 2 * pad - WW) // stride + 1
    x_cols = np.zeros((C * HH * WW, N * Ho * Wo))
    k = 0
    for n in range(N):
        for i in range(Ho):
            for j in range(Wo):
                y0, x0 = i * stride, j * stride
                x_cols[:, k] = xp[n, :, y0:y0 + HH, x0:x0 + WW].ravel()
                k += 1
    res = w.reshape(F, -1) @ x_cols + b.reshape(-1, 1)
    out = res.reshape(F, Ho, Wo, N).transpose(3, 0, 1, 2)
    return out, (x, w, b, conv_param)
