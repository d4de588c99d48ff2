import numpy as np


def dw_of_conv(inp, weight_size, grad_output, stride=1, padding=0):
    O, C, kh, kw = weight_size
    xp = np.pad(inp, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))
    win = win[:, :, ::stride, ::stride]
    n, c, oh, ow = win.shape[:4]
    cols = win.transpose(1, 4, 5, 0, 2, 3).reshape(C * kh * kw, -1)
    g = grad_output.transpose(1, 0, 2, 3).reshape(O, -1)
    return (g @ cols.T).reshape(O, C, kh, kw)
