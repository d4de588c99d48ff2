import numpy as np


def conv_single_step(a_slice_prev, W, b):
    """
    One filter on one window.

    a_slice_prev, W -- (f, f, n_C_prev)
    b -- (1, 1, 1)
    """
    s = np.multiply(a_slice_prev, W) + b
    Z = np.sum(s)
    return Z
