import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    K, _, kh, kw = weight.shape
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    Hp, Wp = x.shape[2], x.shape[3]
    Ho = (Hp - kh) // stride + 1
    Wo = (Wp - kw) // stride + 1
    y = np.zeros((N, K, Ho, Wo))
    for n in range(N):
        for k in range(K):
            for i in range(Ho):
                for j in range(Wo):
                    # keep the window inside the picture
                    top = min(i * stride * stride, Hp - kh)
                    left = min(j * stride * stride, Wp - kw)
                    for c in range(C):
                        for a in range(kh):
                            for b in range(kw):
                                y[n, k, i, j] += x[n, c, top + a, left + b] * weight[k, c, a, b]
    return y
