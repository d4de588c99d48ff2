import numpy as np


def conv_gradient_wrt_kernel(img, dloss_dy):
    oh, ow = dloss_dy.shape
    kh = img.shape[0] - oh + 1
    kw = img.shape[1] - ow + 1
    grad = np.zeros((kh, kw))
    for i in range(oh - 1):
        for j in range(ow):
            grad += dloss_dy[i, j] * img[i:i + kh, j:j + kw]
    return grad
