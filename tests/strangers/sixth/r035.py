import numpy as np
from numba import njit

@njit
def conv_grads(x, kernel, dy):
    """(dx, dk) for Y = valid cross-correlation of x with kernel"""
    dx = np.zeros(x.shape)
    dk = np.zeros(kernel.shape)
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            for k in range(kernel.shape[0]):
                for l in range(kernel.shape[1]):
                    dx[i + k, j + l] += dy[i, j] * kernel[k, l]
                    dk[k, l] += dy[i, j] * x[i + k, j + l]
    return dx, dk
