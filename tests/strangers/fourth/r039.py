import numpy as np
from numba import njit


@njit
def conv_gradient_wrt_kernel(img, dloss_dy):
    H, W = img.shape
    oh, ow = dloss_dy.shape
    grad = np.zeros((H - oh + 1, W - ow + 1))
    for u in range(grad.shape[0]):
        for v in range(grad.shape[1]):
            s = 0.0
            for i in range(oh):
                for j in range(ow):
                    s += img[u + i, v + j] * dloss_dy[i, j]
            grad[u, v] = s
    return grad
