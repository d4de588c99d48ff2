import numpy as np
from numba import njit


@njit
def conv_gradient_wrt_kernel(img, dloss_dy):
    H, W = img.shape
    oh, ow = dloss_dy.shape
    dk = np.zeros((H - oh + 1, W - ow + 1))
    for a in range(dk.shape[0]):
        for b in range(dk.shape[1]):
            dk[a, b] = np.sum(img[a:a + oh, b:b + ow] * dloss_dy)
    return dk
