import numpy as np


def grad_image(upstream, kernel):
    """Gradient of the loss with respect to the picture.

    upstream: gradient with respect to the valid output, (oh, ow)
    kernel: (kh, kw)
    """
    oh, ow = upstream.shape
    kh, kw = kernel.shape
    grad = np.zeros((oh + kh - 1, ow + kw - 1))
    for i in range(oh):
        for j in range(ow):
            grad[i:i + kh, j:j + kw] = upstream[i, j] * kernel
    return grad
