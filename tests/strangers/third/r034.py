import numpy as np


def conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = input.shape
    O, Cg, kh, kw = weight.shape
    if C != Cg * groups or O % groups:
        raise ValueError("channels and groups do not fit")
    eh, ew = dilation * (kh - 1) + 1, dilation * (kw - 1) + 1
    oh = (H + 2 * padding - eh) // stride + 1
    ow = (W + 2 * padding - ew) // stride + 1
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((N, O, oh, ow))
    for o in range(O):
        g = o // (O // groups)
        xs = x[:, g * Cg:(g + 1) * Cg]
        for i in range(oh):
            for j in range(ow):
                r, c = i * stride, j * stride
                win = xs[:, :, r:r + eh:dilation, c:c + ew:dilation]
                out[:, o, i, j] = np.sum(win * weight[o], axis=(1, 2, 3))
        if bias is not None:
            out[:, o] += bias[o]
    return out
