import numpy as np
import numba as nb


@nb.njit
def conv_gradient_wrt_input(dloss_dy, kernel):
    oh, ow = dloss_dy.shape
    kh, kw = kernel.shape
    grad = np.zeros((oh + kh - 1, ow + kw - 1))
    for i in range(oh):
        for j in range(ow):
            if dloss_dy[i, j] == 0:
                continue
            for a in range(kh):
                for b in range(kw):
                    grad[i + a, j + b] += kernel[a, b]
    return grad
