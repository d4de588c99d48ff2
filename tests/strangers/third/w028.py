import numpy as np


def conv_gradient_wrt_kernel(img, dloss_dy):
    out_h, out_w = dloss_dy.shape
    k_h = img.shape[0] - out_h + 1
    k_w = img.shape[1] - out_w + 1
    grad = np.zeros((k_h, k_w))
    for i in range(out_h):
        for j in range(out_w):
            grad += img[i:i + k_h, j:j + k_w]
    return grad
