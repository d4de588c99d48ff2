import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    n, c, h, w = input.shape
    o, _, kh, kw = weight.shape
    x = np.pad(input, padding, mode='constant')
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    out = np.zeros((n, o, oh, ow))
    for i in range(oh):
        for j in range(ow):
            patch = x[:n, :c, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, :, i, j] = patch.reshape(n, -1) @ weight.reshape(o, -1).T
    return out
