import numpy as np


def conv2d_backward_filter(x, dy, size, stride):
    kh, kw = size
    _, OH, OW, F = dy.shape
    dw = np.zeros((kh, kw, x.shape[3], F))
    for k in range(kh):
        for l in range(kw):
            part = x[:, k:k + OH, l:l + OW]
            dw[k, l] = np.tensordot(part, dy, axes=([0, 1, 2], [0, 1, 2]))
    return dw
