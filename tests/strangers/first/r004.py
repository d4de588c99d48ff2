import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    _, _, kh, kw = weight.shape
    oh, ow = grad_output.shape[2:]
    gx = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    for u in range(kh):
        for v in range(kw):
            # every output touched this tap once
            contrib = np.tensordot(grad_output, weight[:, :, u, v], axes=([1], [0]))
            gx[:, :, u:u + stride * oh:stride, v:v + stride * ow:stride] += contrib.transpose(0, 3, 1, 2)
    return gx[:, :, padding:padding + h, padding:padding + w]


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    kh, kw = weight_size[2:]
    oh, ow = grad_output.shape[2:]
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    gw = np.zeros(weight_size)
    for u in range(kh):
        for v in range(kw):
            patch = xp[:, :, u:u + stride * oh:stride, v:v + stride * ow:stride]
            gw[:, :, u, v] = np.einsum("nohw,nchw->oc", grad_output, patch)
    return gw
