import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    # dL/dx_ij = sum over k, l of dL/dy_(i-k+1)(j-l+1) * k_kl
    rK, cK = kernel.shape
    rX = dloss_dy.shape[0] + rK - 1
    cX = dloss_dy.shape[1] + cK - 1
    grad = np.zeros((rX, cX))
    for i in range(1, rX + 1):
        for j in range(1, cX + 1):
            Lk = max(1, i - rX + rK)
            Uk = min(rK, i)
            Ll = max(1, j - cX + cK)
            Ul = min(cK, j)
            for k in range(Lk, Uk):
                for l in range(Ll, Ul):
                    grad[i - 1, j - 1] += dloss_dy[i - k, j - l] * kernel[k - 1, l - 1]
    return grad
