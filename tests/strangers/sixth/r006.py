import numpy as np


def conv2d(x, w, b=None, stride=1, padding=0, dilation=1, groups=1):
    N, C, H, W = x.shape
    F, Cg, kh, kw = w.shape
    oh = (H + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    ow = (W + 2 * padding - dilation * (kw - 1) - 1) // stride + 1
    out = np.zeros((N, F, oh, ow))
    for n in range(N):
        for f in range(F):
            first = (f // (F // groups)) * Cg
            for i in range(oh):
                for j in range(ow):
                    s = 0.0 if b is None else b[f]
                    for u in range(kh):
                        y = i * stride + u * dilation - padding
                        if y < 0 or y >= H:
                            continue
                        for v in range(kw):
                            z = j * stride + v * dilation - padding
                            if z < 0 or z >= W:
                                continue
                            for c in range(Cg):
                                s += x[n, first + c, y, z] * w[f, c, u, v]
                    out[n, f, i, j] = s
    return out
