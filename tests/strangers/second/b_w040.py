import numpy as np
from numba import njit


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size,
                  input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch, out_channels, oh, ow = out_shape
    _, in_channels, h, w = input_shape
    _, _, kh, kw = weight_shape
    sgn = -1 if reverse else 1
    for b in range(batch):
        for oc in range(out_channels):
            for i in range(oh):
                for j in range(ow):
                    total = 0.0
                    for ic in range(in_channels):
                        for di in range(kh):
                            for dj in range(kw):
                                y = i + sgn * di
                                x = j + dj
                                if 0 <= y < h and 0 <= x < w:
                                    ip = (b * input_strides[0] + ic * input_strides[1]
                                          + y * input_strides[2] + x * input_strides[3])
                                    wp = (oc * weight_strides[0] + ic * weight_strides[1]
                                          + di * weight_strides[2] + dj * weight_strides[3])
                                    total += input[ip] * weight[wp]
                    op = (b * out_strides[0] + oc * out_strides[1]
                          + i * out_strides[2] + j * out_strides[3])
                    out[op] = total
