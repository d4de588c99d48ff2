import numpy as np


def apply_convolution(img, kernel):
    K, L = kernel.shape
    y = np.zeros((img.shape[0] - K + 1, img.shape[1] - L + 1))
    for k in range(K):
        for l in range(L):
            y += kernel[k, l] * img[k:k + y.shape[0], l:l + y.shape[1]]
    return y


def conv_gradient_wrt_input(dloss_dy, kernel):
    """The gradient is again a convolution, now of the zero-padded dloss_dy."""
    K, L = kernel.shape
    P, Q = dloss_dy.shape
    wide = np.zeros((P + 2 * K - 2, Q + 2 * L - 2))
    for p in range(P):
        for q in range(Q):
            wide[p + K - 1, q + L - 1] = dloss_dy[p, q]
    return apply_convolution(wide, kernel)
