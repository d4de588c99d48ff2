import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    n, c, h, w = input.shape
    f, _, kh, kw = weight.shape
    padded = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    out = np.zeros((n, f, oh, ow))
    for img in range(n):
        for filt in range(f):
            for y in range(oh):
                for x in range(ow):
                    acc = 0
                    for ch in range(c):
                        for u in range(kh):
                            for v in range(kw):
                                acc += padded[img, ch, y * stride + u, x * stride + v] * weight[0, ch, kh - 1 - u, kw - 1 - v]
                    out[img, filt, y, x] = acc
    return out
