import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    kh, kw = weight.shape[2:]
    oh, ow = grad_output.shape[2:]
    gcols = np.einsum('nohw,ockl->ncklhw', grad_output, weight)
    gx = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for i in range(kh):
        for j in range(kw):
            gx[:, :, i:i + oh * stride:stride, j:j + ow * stride:stride] += gcols[:, :, i, j]
    return gx[:, :, padding:-padding, padding:-padding]
