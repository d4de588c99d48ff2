import numpy as np


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    y = np.zeros((img.shape[0] - kh + 1, img.shape[1] - kw + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(img[i:i + kh, j:j + kw] * kernel)
    return y


def conv_gradient_wrt_input(dloss_dy, kernel):
    kh, kw = kernel.shape
    oh, ow = dloss_dy.shape
    dx = np.zeros((oh + kh - 1, ow + kw - 1))
    for i, j in np.ndindex(dx.shape):
        for u in range(max(0, i - oh + 1), min(kh, i + 1)):
            for v in range(max(0, j - ow + 1), min(kw, j + 1)):
                dx[i, j] += dloss_dy[i - u, j - v] * kernel[u, v]
    return dx


def conv_gradient_wrt_kernel(img, dloss_dy):
    oh, ow = dloss_dy.shape
    dk = np.zeros((img.shape[0] - oh + 1, img.shape[1] - ow + 1))
    for u, v in np.ndindex(dk.shape):
        for i in range(oh):
            for j in range(ow):
                dk[u, v] += dloss_dy[i, j] * img[i + u, j + v]
    return dk
