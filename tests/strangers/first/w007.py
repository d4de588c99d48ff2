import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    kh, kw = kernel.shape
    gh, gw = dloss_dy.shape
    padded = np.zeros((gh + 2 * (kh - 1), gw + 2 * (kw - 1)))
    padded[kh - 1:kh - 1 + gh, kw - 1:kw - 1 + gw] = dloss_dy
    H, W = gh + kh - 1, gw + kw - 1
    dx = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            dx[i, j] = np.sum(padded[i:i + kh, j:j + kw] * kernel)
    return dx
