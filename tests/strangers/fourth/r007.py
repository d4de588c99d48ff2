import numpy as np

def conv_with_bias(x, kernels, bias, stride=1, padding=0):
    n, c, h, w = x.shape
    k, _, kh, kw = kernels.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    y = np.zeros((n, k, oh, ow)) + bias[None, :, None, None]
    for b in range(n):
        for f in range(k):
            for i in range(oh):
                for j in range(ow):
                    for ch in range(c):
                        for u in range(kh):
                            p = i * stride + u - padding
                            if not 0 <= p < h:
                                continue
                            for v in range(kw):
                                q = j * stride + v - padding
                                if 0 <= q < w:
                                    y[b, f, i, j] += x[b, ch, p, q] * kernels[f, ch, u, v]
    return y
