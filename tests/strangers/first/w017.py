import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    x = np.pad(input, padding)
    O, C, kh, kw = weight.shape
    oh = (x.shape[2] - kh) // stride + 1
    ow = (x.shape[3] - kw) // stride + 1
    out = np.zeros((x.shape[0], O, oh, ow))
    for c in range(C):
        for u in range(kh):
            for v in range(kw):
                plane = x[:, c, u:u + stride * oh:stride, v:v + stride * ow:stride]
                out += plane[:, None] * weight[None, :, c, u, v, None, None]
    return out
