import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    oh, ow = dloss_dy.shape
    kh, kw = kernel.shape
    dx = np.zeros((oh + kh - 1, ow + kw - 1))
    for i in range(oh):
        for j in range(ow):
            g = dloss_dy[i, j]
            for a in range(kh):
                for b in range(kw):
                    dx[i + a, j + b] += g * kernel[kh - 1 - a, b]
    return dx
