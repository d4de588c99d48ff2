import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv_gradient_wrt_input(dloss_dy, kernel):
    k = kernel.shape[0]
    padded = np.pad(dloss_dy, k - 1)
    win = sliding_window_view(padded, kernel.shape)
    return np.einsum("ijab,ab->ij", win, kernel[::-1, ::-1])


def conv_gradient_wrt_kernel(img, dloss_dy):
    win = sliding_window_view(img, dloss_dy.shape)
    return np.einsum("ijab,ab->ij", win, dloss_dy)
