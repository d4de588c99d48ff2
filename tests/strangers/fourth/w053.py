import numpy as np
from numba import njit, prange


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size,
                  input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch_, out_channels, h_, w_ = out_shape
    batch, in_channels, height, width = input_shape
    out_channels_, in_channels_, kh, kw = weight_shape
    for n in range(batch_):
        for o in range(out_channels):
            for i in range(h_):
                for j in range(w_):
                    acc = 0.0
                    for c in range(in_channels):
                        for a in range(kh):
                            for b in range(kw):
                                if reverse:
                                    r, s = i - a, j - b
                                    wa, wb = kh - 1 - a, kw - 1 - b
                                else:
                                    r, s = i + a, j + b
                                    wa, wb = a, b
                                if 0 <= r < height and 0 <= s < width:
                                    acc += (input[n * input_strides[0] + c * input_strides[1] + r * input_strides[2] + s * input_strides[3]]
                                            * weight[o * weight_strides[0] + c * weight_strides[1] + wa * weight_strides[2] + wb * weight_strides[3]])
                    out[n * out_strides[0] + o * out_strides[1] + i * out_strides[2] + j * out_strides[3]] = acc
