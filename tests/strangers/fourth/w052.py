import numpy as np

def conv_single_step(a_slice_prev, W, b):
    """
    Apply one filter defined by parameters W on a single slice (a_slice_prev)
    of the output activation of the previous layer.

    Returns:
    Z -- a scalar value
    """
    s = np.multiply(a_slice_prev, W) + b
    Z = np.sum(s)
    return Z
