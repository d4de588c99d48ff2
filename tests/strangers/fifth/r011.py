import numpy as np
from numba import njit


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch, in_channels, height, width = input_shape[0], input_shape[1], input_shape[2], input_shape[3]
    out_channels, kh, kw = weight_shape[0], weight_shape[2], weight_shape[3]
    for n in range(out_size):
        r = n
        w = r % out_shape[3]
        r = r // out_shape[3]
        h = r % out_shape[2]
        r = r // out_shape[2]
        oc = r % out_shape[1]
        b = r // out_shape[1]
        acc = 0.0
        for ic in range(in_channels):
            for i in range(kh):
                for j in range(kw):
                    y = h - i if reverse else h + i
                    x = w - j if reverse else w + j
                    if y >= 0 and y < height and x >= 0 and x < width:
                        p = b * input_strides[0] + ic * input_strides[1] + y * input_strides[2] + x * input_strides[3]
                        q = oc * weight_strides[0] + ic * weight_strides[1] + i * weight_strides[2] + j * weight_strides[3]
                        acc += input[p] * weight[q]
        out[b * out_strides[0] + oc * out_strides[1] + h * out_strides[2] + w * out_strides[3]] = acc
