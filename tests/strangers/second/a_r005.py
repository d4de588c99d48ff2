import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    _, _, kh, kw = weight.shape
    oh, ow = grad_output.shape[-2:]
    buf = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for u in range(kh):
        for v in range(kw):
            rows = slice(u, u + stride * (oh - 1) + 1, stride)
            cols = slice(v, v + stride * (ow - 1) + 1, stride)
            buf[:, :, rows, cols] += np.einsum('noyx,oc->ncyx', grad_output, weight[:, :, u, v])
    return buf[:, :, padding:padding + h, padding:padding + w]
