import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    rY, cY = dloss_dy.shape
    rK, cK = kernel.shape
    rX, cX = rY + rK - 1, cY + cK - 1
    g = np.zeros((rX, cX))
    for i in range(1, rX + 1):
        for j in range(1, cX + 1):
            for k in range(max(1, i - rX + rK), min(rK, i) + 1):
                for l in range(max(1, j - cX + cK), min(cK, j) + 1):
                    g[i - 1, j - 1] += dloss_dy[i - k + 1 - 1, j - l + 1 - 1] * kernel[k - 1, l - 1]
    return g
