from builtins import range
import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """A naive implementation of the forward pass for a convolutional layer."""
    out = None
    pad = conv_param['pad']
    stride = conv_param['stride']
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    assert (H + 2 * pad - HH) % stride == 0, 'width does not work'
    assert (W + 2 * pad - WW) % stride == 0, 'height does not work'
    Hp = (H + 2 * pad - HH) // stride + 1
    Wp = (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, F, Hp, Wp))

    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), 'constant', constant_values=0)
    for i in range(Hp):
        for j in range(Wp):
            field = padded[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
            for k in range(F):
                out[:, k, i, j] = np.sum(field * w[k], axis=(1, 2, 3))
    out = out + b[None, :, None, None]
    cache = (x, w, b, conv_param)
    return out, cache
