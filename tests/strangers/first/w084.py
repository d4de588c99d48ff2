import numpy as np
from numba import njit


@njit
def conv_gradient_wrt_kernel(img, dloss_dy):
    gh, gw = dloss_dy.shape
    kh = img.shape[0] - gh + 1
    kw = img.shape[1] - gw + 1
    grad = np.zeros((kh, kw))
    for a in range(kh):
        for b in range(kw):
            for i in range(gh):
                for j in range(gw):
                    grad[a, b] += img[a + i, b + j] * dloss_dy[gh - 1 - i, gw - 1 - j]
    return grad


@njit
def conv_gradient_wrt_input(dloss_dy, kernel):
    gh, gw = dloss_dy.shape
    kh, kw = kernel.shape
    grad = np.zeros((gh + kh - 1, gw + kw - 1))
    for i in range(gh):
        for j in range(gw):
            grad[i:i + kh, j:j + kw] += dloss_dy[i, j] * kernel
    return grad
