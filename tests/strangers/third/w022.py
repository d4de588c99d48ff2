import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    F, _, kh, kw = weight.shape
    img = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    img[:, :, padding:padding + H, padding:padding + W] = input
    OH = (H + 2 * padding - kh) // stride + 1
    OW = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    for c in range(C):
                        for a in range(kh):
                            for b in range(kw):
                                out[n, f, i, j] += img[n, c, i * stride + a, i * stride + b] * weight[f, c, a, b]
    return out
