import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    batch, in_ch, h, w = input.shape
    out_ch, _, kh, kw = weight.shape

    padded = np.ones((batch, in_ch, h + 2 * padding, w + 2 * padding))
    padded[:, :, padding:padding + h, padding:padding + w] = input

    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    out = np.zeros((batch, out_ch, oh, ow))
    for b in range(batch):
        for o in range(out_ch):
            for y in range(oh):
                for x in range(ow):
                    for c in range(in_ch):
                        for u in range(kh):
                            for v in range(kw):
                                out[b, o, y, x] += (padded[b, c, y * stride + u, x * stride + v]
                                                    * weight[o, c, u, v])
    return out
