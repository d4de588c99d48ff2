import numpy as np


def compute_convolution_at_position(i, j, img, kernel):
    s = 0.0
    for a, row in enumerate(kernel):
        for b, weight in enumerate(row):
            s += weight * img[i - 1 + a][j - 1 + b]
    return s


def apply_convolution(img, kernel):
    rows = len(img) - len(kernel) + 1
    cols = len(img[0]) - len(kernel[0]) + 1
    return np.array([[compute_convolution_at_position(i + 1, j + 1, img, kernel)
                      for j in range(cols)] for i in range(rows)])


def conv_gradient_wrt_kernel(img, dloss_dy):
    return apply_convolution(img, dloss_dy)


def conv_gradient_wrt_input(dloss_dy, kernel):
    oh, ow = len(dloss_dy), len(dloss_dy[0])
    kh, kw = len(kernel), len(kernel[0])
    dx = np.zeros((oh + kh - 1, ow + kw - 1))
    for i in range(oh):
        for j in range(ow):
            for a in range(kh):
                for b in range(kw):
                    dx[i + a, j + b] += dloss_dy[i][j] * kernel[a][b]
    return dx
