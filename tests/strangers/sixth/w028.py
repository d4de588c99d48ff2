import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def conv_weight_grad(x, dout, k, pad):
    """dL/dW (F, C, k, k) for the upstream gradient dout = dL/dout; stride 1, `pad` zeros around"""
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
    oh, ow = dout.shape[2], dout.shape[3]
    win = sliding_window_view(xp, (oh, ow), axis=(2, 3))   # N C k k oh ow
    return np.einsum("ncklhw,nfhw->fckl", win, dout) / x.shape[0]
