import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """
    Forward pass, four loops and one for the channels.

    x (N, C, H, W), w (F, C, HH, WW), b (F,); conv_param has 'stride' and 'pad'
    """
    stride, pad = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    assert (H + 2 * pad - HH) % stride == 0
    assert (W + 2 * pad - WW) % stride == 0
    Hn = 1 + (H + 2 * pad - HH) // stride
    Wn = 1 + (W + 2 * pad - WW) // stride
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant')
    out = np.zeros((N, F, Hn, Wn))
    for n in range(N):
        for f in range(F):
            for c in range(C):
                for i in range(Hn):
                    for j in range(Wn):
                        field = xp[n, c, i * stride:i * stride + HH, j * stride:j * stride + WW]
                        out[n, f, i, j] += np.sum(field * w[f, c]) + b[f]
    cache = (x, w, b, conv_param)
    return out, cache


def check_shapes():
    out, _ = conv_forward_naive(np.ones((2, 3, 5, 5)), np.ones((4, 3, 3, 3)), np.zeros(4), {'stride': 1, 'pad': 1})
    assert out.shape == (2, 4, 5, 5)
