import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    bs, ic, ih, iw = input.shape
    oc, ic, kh, kw = weight.shape
    oh = int(np.ceil((ih - kh + 2 * padding) / stride + 1))
    ow = int(np.ceil((iw - kw + 2 * padding) / stride + 1))
    out = np.zeros((bs, oc, oh, ow))
    for b in range(bs):
        for o in range(oc):
            for y in range(oh):
                for x in range(ow):
                    for i in range(ic):
                        for ky in range(kh):
                            for kx in range(kw):
                                yy = y * stride + ky - padding
                                xx = x * stride + kx - padding
                                if yy >= 0 and yy < ih and xx >= 0 and xx < iw:
                                    out[b, o, y, x] += input[b, i, yy, xx] * weight[o, i, ky, kx]
    return out
