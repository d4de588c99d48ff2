import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    K, _, kh, kw = weight.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    x = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    x[:, :, padding:padding + H, padding:padding + W] = input
    y = np.zeros((N, K, oh, ow))
    for n in range(N):
        for k in range(K):
            for row in range(1, oh):
                top = (row - 1) * stride
                for col in range(ow):
                    left = col * stride
                    y[n, k, row, col] = (x[n, :, top:top + kh, left:left + kw] * weight[k]).sum()
    return y
