import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    rY, cY = dloss_dy.shape
    rK, cK = kernel.shape
    rX, cX = rY + rK - 1, cY + cK - 1
    grad = np.zeros((rX, cX))
    for i in range(1, rX + 1):
        for j in range(1, cX + 1):
            Lk = max(1, i - rX + rK)
            Uk = min(rK - 1, i)
            Ll = max(1, j - cX + cK)
            Ul = min(cK, j)
            for k in range(Lk, Uk + 1):
                for l in range(Ll, Ul + 1):
                    grad[i - 1, j - 1] += dloss_dy[i - k, j - l] * kernel[k - 1, l - 1]
    return grad
