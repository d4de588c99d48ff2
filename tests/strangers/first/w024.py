import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    N, C, H, W = input_size
    kh, kw = weight.shape[2], weight.shape[3]
    OH, OW = grad_output.shape[2], grad_output.shape[3]
    dx = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for p in range(kh):
        for q in range(kw):
            dx[:, :, p:p + OH * stride:stride, q:q + OW * stride:stride] += np.einsum(
                "nohw,oc->nchw", grad_output, weight[:, :, p, q])
    return dx[:, :, padding:-padding, padding:-padding]
