import numpy as np


def conv2d_backward_input(dy, w, x_shape, stride):
    kh, kw, C, F = w.shape
    _, OH, OW, _ = dy.shape
    dx = np.zeros(x_shape)          # N, H, W, C
    for k in range(kh):
        for l in range(kw):
            dx[:, k:k + OH * stride:stride, l:l + OW * stride:stride] += dy @ w[kh - 1 - k, kw - 1 - l].T
    return dx
