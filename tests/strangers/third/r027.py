import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    rows, cols = dloss_dy.shape
    kh, kw = kernel.shape
    dx = np.zeros((rows + kh - 1, cols + kw - 1))
    for i in range(rows):
        for j in range(cols):
            dx[i:i + kh, j:j + kw] += dloss_dy[i, j] * kernel
    return dx
