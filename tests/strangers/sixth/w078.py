import numpy as np
from numba import njit


@njit
def grad_input(dy, kernel, H, W, stride):
    dx = np.zeros((H, W))
    for i in range(dy.shape[0]):
        for j in range(dy.shape[1]):
            g = dy[i, j]
            for k in range(kernel.shape[0]):
                for l in range(kernel.shape[1]):
                    r = i + k * stride
                    c = j + l * stride
                    if r < H and c < W:
                        dx[r, c] = g * kernel[k, l]
    return dx
