import numpy as np


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    o, c, kh, kw = weight_size
    oh, ow = grad_output.shape[2:]
    dw = np.zeros(weight_size)
    for u in range(kh):
        for v in range(kw):
            tap = xp[:, :, u:u + (oh - 1) * stride + 1:stride, v:v + (ow - 1) * stride + 1:stride]
            dw[:, :, u, v] = np.tensordot(grad_output, tap, axes=([0, 2, 3], [0, 2, 3]))
    return dw
