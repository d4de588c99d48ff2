import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    oh, ow = dloss_dy.shape
    kh, kw = kernel.shape
    grad = np.zeros((oh + kh - 1, ow + kw - 1))
    for i in range(oh):
        for j in range(ow):
            for a in range(kh):
                for b in range(kw):
                    grad[i + a, j + b] += dloss_dy[i, j] * kernel[a, b]
    return grad


def conv_gradient_wrt_kernel(img, dloss_dy):
    oh, ow = dloss_dy.shape
    grad = np.zeros((img.shape[0] - oh + 1, img.shape[1] - ow + 1))
    for a in range(grad.shape[0]):
        for b in range(grad.shape[1]):
            for i in range(oh):
                for j in range(ow):
                    grad[a, b] += dloss_dy[i, j] * img[i + a, j + b]
    return grad
