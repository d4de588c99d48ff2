import numpy as np


def atrous(x, w, b, rate):
    """Atrous (dilated) convolution layer: x (N, H, W, C), w (kh, kw, C, F), b (F,), no padding."""
    kh, kw, C, F = w.shape
    N, H, W, _ = x.shape
    oh = H - (kh - 1) * rate
    ow = W - (kw - 1) * rate
    out = np.zeros((N, oh, ow, F))
    for i in range(oh):
        for j in range(ow):
            win = x[:, i:i + (kh - 1) * rate + 1:rate, j:j + kw, :]
            out[:, i, j, :] = np.tensordot(win, w, axes=([1, 2, 3], [0, 1, 2])) + b[0]
    return out
