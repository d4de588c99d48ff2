import numpy as np


def conv2d_nchw(x, weight, bias, stride=(1, 1), padding=(0, 0)):
    N, C, H, W = x.shape
    F, _, KH, KW = weight.shape
    sh, sw = stride
    ph, pw = padding
    xp = np.zeros((N, C, H + 2 * ph, W + 2 * pw))
    xp[:, :, ph:ph + H, pw:pw + W] = x
    OH = (H + 2 * ph - KH) // sh + 1
    OW = (W + 2 * pw - KW) // sw + 1
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                  acc = 0.0
                  for u in range(KH):
                    acc += bias[f]
                    for v in range(KW):
                        acc += np.dot(xp[n, :, i * sh + u, j * sw + v], weight[f, :, u, v])
                  out[n, f, i, j] = acc
    return out
