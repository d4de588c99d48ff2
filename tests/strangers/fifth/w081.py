import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    kh, kw = weight.shape[2:]
    oh, ow = grad_output.shape[2:]
    buf = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for i in range(kh):
        rows = slice(i, i + stride * (oh - 1) + 1, stride)
        for j in range(kw):
            cols = slice(j, j + stride * (ow - 1) + 1, stride)
            buf[:, :, rows, cols] += np.einsum("nohw,co->nchw", grad_output, weight[:, :, i, j])
    return buf[:, :, padding:padding + h, padding:padding + w]
