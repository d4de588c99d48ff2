import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    F, C, HH, WW = weight.shape
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = 1 + (xp.shape[2] - HH) // stride
    ow = 1 + (xp.shape[3] - WW) // stride
    res = 0
    for a in range(HH):
        for b in range(WW):
            part = xp[:, :, a:a + stride * oh:stride, b:b + stride * ow:stride]
            res = res + np.tensordot(weight[:, :, a, b], part, axes=(1, 1))
    return res
