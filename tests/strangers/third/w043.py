import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    b, c, h, w = input.shape
    k, _, r, s = weight.shape
    x = np.zeros((b, c, h + 2 * padding, w + 2 * padding), dtype=input.dtype)
    x[:, :, :h, :w] = input
    oh, ow = (x.shape[2] - r) // stride + 1, (x.shape[3] - s) // stride + 1
    y = 0
    for i in range(r):
        for j in range(s):
            tap = x[:, :, i:i + (oh - 1) * stride + 1:stride, j:j + (ow - 1) * stride + 1:stride]
            y = y + np.einsum('bchw,kc->bkhw', tap, weight[:, :, i, j])
    return y
