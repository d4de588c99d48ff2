import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    kh, kw = kernel.shape
    padded = np.pad(dloss_dy, ((0, kh - 1), (0, kw - 1)))
    grad = np.zeros(padded.shape)
    for a in range(kh):
        for b in range(kw):
            grad += kernel[a, b] * np.roll(padded, (-a, -b), axis=(0, 1))
    return grad
