import numpy as np


def conv_nhwc(x, w, stride=1, padding=0):
    # x: (N, H, W, Cin), w: (kh, kw, Cin, Cout)
    kh, kw, cin, cout = w.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    n, h, wd, _ = x.shape
    oh = (h - kh) // stride + 1
    ow = (wd - kw) // stride + 1
    out = np.zeros((n, oh, ow, cout))
    for b in range(n):
        for i in range(oh):
            total = np.zeros(cout)
            for j in range(ow):
                for u in range(kh):
                    for v in range(kw):
                        total += x[b, i * stride + u, j * stride + v] @ w[u, v]
                out[b, i, j] = total
    return out
