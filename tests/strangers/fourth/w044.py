import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    """sum over kernel taps"""
    N, C, H, W = input.shape
    O, _, kh, kw = weight.shape
    p = padding
    x = np.zeros((N, C, H + 2 * p, W + 2 * p))
    x[:, :, p:p + H, p:p + W] = input
    oh = (H + 2 * p - kh) // stride + 1
    ow = (W + 2 * p - kw) // stride + 1
    out = np.zeros((N, O, oh, ow))
    for a in range(kh):
        for b in range(kw):
            tile = x[:, None, :, a:a + stride * oh:stride, b:b + stride * ow:stride]
            wt = weight[:, :, a, kw - 1 - b]
            out += (tile[..., :oh, :ow] * wt[None, :, :, None, None]).mean(axis=2)
    return out
