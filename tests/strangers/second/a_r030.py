import numpy as np


def pair(v):
    return (v, v) if np.isscalar(v) else tuple(v)


def conv2d(input, weight, stride=1, padding=0):
    (sy, sx), (py, px) = pair(stride), pair(padding)
    x = np.pad(input, ((0, 0), (0, 0), (py, py), (px, px)))
    kh, kw = weight.shape[2:]
    oh, ow = (x.shape[2] - kh) // sy + 1, (x.shape[3] - kw) // sx + 1
    total = 0
    for i in range(kh):
        for j in range(kw):
            tap = x[:, :, i:i + (oh - 1) * sy + 1:sy, j:j + (ow - 1) * sx + 1:sx]
            total = total + np.tensordot(weight[:, :, i, j], tap, axes=(1, 1)).swapaxes(0, 1)
    return total
