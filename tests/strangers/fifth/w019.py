import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    F, C2, KH, KW = weight.shape
    assert C == C2
    OH = (H - KH + 2 * padding + 1) // stride
    OW = (W - KW + 2 * padding + 1) // stride
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    y = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    r, c = i * stride, j * stride
                    y[n, f, i, j] = np.sum(xp[n, :, r:r + KH, c:c + KW] * weight[f])
    return y
