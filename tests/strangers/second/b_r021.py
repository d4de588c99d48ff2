import numpy as np


def pair(v):
    return (v, v) if np.isscalar(v) else tuple(v)


class ConvLayer:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = pair(stride), pair(pad)

    def forward(self, x):
        (sh, sw), (ph, pw) = self.stride, self.pad
        x = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))
        win = np.lib.stride_tricks.sliding_window_view(x, self.W.shape[2:], axis=(2, 3))
        win = win[:, :, ::sh, ::sw]
        y = np.tensordot(win, self.W, axes=([1, 4, 5], [1, 2, 3]))
        return (y + self.b).transpose(0, 3, 1, 2)


def run_layer(A_prev, weight, bias, stride=1, padding=0):
    return ConvLayer(weight, bias, stride, padding).forward(A_prev)
