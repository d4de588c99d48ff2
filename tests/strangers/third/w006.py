import math
import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, C, H, W = x.shape
    F, _, KH, KW = weight.shape
    OH = math.ceil((H - KH) / stride) + 1
    OW = math.ceil((W - KW) / stride) + 1
    y = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                top = min(i * stride, H - KH)
                for j in range(OW):
                    left = min(j * stride, W - KW)
                    y[n, f, i, j] = np.sum(x[n, :, top:top + KH, left:left + KW] * weight[f])
    return y
