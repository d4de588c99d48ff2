import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    N, C, H, W = input_size
    O, _, kh, kw = weight.shape
    oh, ow = grad_output.shape[2:]
    buf = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    for a in range(kh):
        for b in range(kw):
            part = np.tensordot(grad_output, weight[:, :, a, b], axes=(1, 0))
            buf[:, :, a:a + stride * oh:stride, b:b + stride * ow:stride] += np.moveaxis(part, -1, 1)
    if padding == 0:
        return buf
    return buf[:, :, padding:-padding, padding:-padding]
