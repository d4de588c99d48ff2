import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    """
    dloss_dy: gradient at the output (oh, ow)
    kernel: (kh, kw)
    returns: gradient at the input (oh + kh - 1, ow + kw - 1)
    """
    oh, ow = dloss_dy.shape
    kh, kw = kernel.shape
    result = np.zeros((oh + kh - 1, ow + kw - 1))
    for y in range(oh):
        for x in range(ow):
            result[y:y + kh, x:x + kw] += dloss_dy[y, x] * kernel
    return result
