import numpy as np


def conv2d(input, weight, stride=1, padding=0, dilation=1):
    N, C, H, W = input.shape
    O, C, kh, kw = weight.shape
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (H + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    ow = (W + 2 * padding - dilation * (kw - 1) - 1) // stride + 1
    out = np.zeros((N, O, oh, ow))
    for n in range(N):
        for o in range(O):
            for i in range(oh):
                for j in range(ow):
                    acc = 0.0
                    for c in range(C):
                        for a in range(kh):
                            for b in range(kw):
                                acc += xp[n, c, i * stride + a * dilation, j * stride + b] * weight[o, c, a, b]
                    out[n, o, i, j] = acc
    return out
