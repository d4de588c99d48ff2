import numpy as np


def backprop_plane(dloss_dy, kernel):
    kh, kw = kernel.shape
    padded = np.pad(dloss_dy, (((kw - 1,) * 2), ((kh - 1,) * 2)))
    turned = kernel[::-1, ::-1]
    out_h = padded.shape[0] - kh + 1
    out_w = padded.shape[1] - kw + 1
    dx = np.zeros((out_h, out_w))
    for i in range(out_h):
        for j in range(out_w):
            dx[i, j] = np.sum(padded[i:i + kh, j:j + kw] * turned)
    return dx
