import numpy as np


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    O, C, kh, kw = weight.shape
    N, _, oh, ow = grad_output.shape
    up_h, up_w = (oh - 1) * stride + 1, (ow - 1) * stride + 1
    up = np.zeros((N, O, up_h + 2 * (kh - 1), up_w + 2 * (kw - 1)))
    up[:, :, kh - 1:kh - 1 + up_h:stride, kw - 1:kw - 1 + up_w:stride] = grad_output
    w_rot = weight[:, :, ::-1, ::-1]
    view = np.lib.stride_tricks.sliding_window_view(up, (kh, kw), axis=(2, 3))
    dx = np.tensordot(view, w_rot, axes=([1, 4, 5], [0, 2, 3])).transpose(0, 3, 1, 2)
    return dx[:, :, padding:dx.shape[2] - padding, padding:dx.shape[3] - padding]
