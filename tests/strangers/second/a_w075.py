import numpy as np
from scipy.signal import convolve2d


def kernel_grad(img, dloss_dy):
    img = np.asarray(img, dtype=float)
    dloss_dy = np.asarray(dloss_dy, dtype=float)
    grad = convolve2d(img, dloss_dy, mode='valid')
    expected = tuple(i - d + 1 for i, d in zip(img.shape, dloss_dy.shape))
    assert grad.shape == expected
    return grad
