import numpy as np


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = input.shape
    O, Cg, kh, kw = weight.shape
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (H + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    ow = (W + 2 * padding - dilation * (kw - 1) - 1) // stride + 1
    per_group = O // groups
    out = np.zeros((N, O, oh, ow))
    for n in range(N):
        for o in range(O):
            first = 0 if o < per_group else Cg
            for i in range(oh):
                for j in range(ow):
                    acc = 0.0 if bias is None else bias[o]
                    for c in range(Cg):
                        for a in range(kh):
                            for b in range(kw):
                                acc += (x[n, first + c, i * stride + a * dilation, j * stride + b * dilation]
                                        * weight[o, c, a, b])
                    out[n, o, i, j] = acc
    return out
