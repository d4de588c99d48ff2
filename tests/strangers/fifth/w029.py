import numpy as np


def get_im2col_indices(x_shape, field_height, field_width, padding, stride):
    N, C, H, W = x_shape
    out_h = (H + 2 * padding - field_height) // stride + 1
    out_w = (W + 2 * padding - field_width) // stride + 1
    i0 = np.tile(np.repeat(np.arange(field_height), field_width), C)
    j0 = np.tile(np.arange(field_width), field_height * C)
    i1 = stride * np.tile(np.arange(out_w), out_h)
    j1 = stride * np.tile(np.arange(out_w), out_h)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), field_height * field_width).reshape(-1, 1)
    return k, i, j, out_h, out_w


def conv2d(input, weight, stride=1, padding=0):
    N = input.shape[0]
    F, C, HH, WW = weight.shape
    k, i, j, oh, ow = get_im2col_indices(input.shape, HH, WW, padding, stride)
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    cols = xp[:, k, i, j]                                # N, C*HH*WW, OH*OW
    out = np.matmul(weight.reshape(F, -1), cols)
    return out.reshape(N, F, oh, ow)
