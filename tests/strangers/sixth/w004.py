import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    h, w = dloss_dy.shape
    kh, kw = kernel.shape
    dx = np.zeros((h + kh - 1, w + kw - 1), dtype=float)
    for i in range(dx.shape[0]):
        l1, u1 = max(0, i - h + 1), min(kh, i + 1)
        for j in range(dx.shape[1]):
            l2 = max(0, j - w + 1)
            u2 = min(kw, i + 1)
            for k in range(l1, u1):
                for l in range(l2, u2):
                    dx[i, j] += dloss_dy[i - k, j - l] * kernel[k, l]
    return dx
