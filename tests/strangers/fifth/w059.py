import numpy as np


def conv_single_step(a_slice_prev, W, b):
    """
    Apply one filter defined by parameters W on a single slice (a_slice_prev).

    Arguments:
    a_slice_prev -- slice of input data of shape (f, f, n_C_prev)
    W -- weight parameters of shape (f, f, n_C_prev)
    b -- bias of shape (1, 1, 1)

    Returns:
    Z -- a scalar value
    """
    s = np.multiply(a_slice_prev, W) + b
    Z = np.sum(s)
    return Z
