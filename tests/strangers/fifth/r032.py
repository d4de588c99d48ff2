import numpy as np


def conv_gradient_wrt_kernel(img, dloss_dy):
    h, w = dloss_dy.shape
    rows = img.shape[0] - h + 1
    cols = img.shape[1] - w + 1
    grad = np.zeros((rows, cols))
    for k in range(rows):
        for l in range(cols):
            for i in range(h):
                for j in range(w):
                    grad[k, l] += dloss_dy[i, j] * img[i + k, j + l]
    return grad
