import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """Naive forward pass: x (N, C, H, W), w (F, C, HH, WW), b (F,)."""
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s = conv_param.get('stride', 1)
    p = conv_param.get('pad', 0)
    xp = np.pad(x, ((0,), (0,), (p,), (p,)), mode='constant')
    Hp = (xp.shape[2] - HH) // s + 1
    Wp = (xp.shape[3] - WW) // s + 1
    out = np.zeros((N, F, Hp, Wp))
    for i in range(Hp):
        for j in range(Wp):
            window = x[:, :, i * s:i * s + HH, j * s:j * s + WW]
            hh, ww = window.shape[2:]
            for f in range(F):
                out[:, f, i, j] = (window * w[f, :, :hh, :ww]).sum(axis=(1, 2, 3)) + b[f]
    return out, (x, w, b, conv_param)
