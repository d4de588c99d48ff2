from typing import Tuple

from numba import njit, prange

from .autodiff import Context
from .tensor import Tensor
from .tensor_data import Shape, Strides, Storage


def _tensor_conv2d(
    out, out_shape, out_strides, out_size,
    input, input_shape, input_strides,
    weight, weight_shape, weight_strides,
    reverse,
):
    batch_, out_channels, out_h, out_w = out_shape
    batch, in_channels, height, width = input_shape
    out_channels_, in_channels_, kh, kw = weight_shape

    assert in_channels == in_channels_ and out_channels == out_channels_

    s10, s11, s12, s13 = input_strides[0], input_strides[1], input_strides[2], input_strides[3]
    s20, s21, s22, s23 = weight_strides[0], weight_strides[1], weight_strides[2], weight_strides[3]

    for p in prange(out_size):
        n = p // (out_channels * out_h * out_w)
        o = (p // (out_h * out_w)) % out_channels
        i = (p // out_w) % out_h
        j = p % out_w
        acc = 0.0
        for c in range(in_channels):
            for a in range(kh):
                for b in range(kw):
                    if reverse:
                        y = i - a
                        x = j - b
                    else:
                        y = i + a
                        x = j + b
                    if y >= 0 and y < height and x >= 0 and x < width:
                        acc += input[n * s10 + c * s11 + y * s12 + x * s13] * weight[o * s20 + c * s21 + a * s22 + b * s23]
        out[n * out_strides[0] + o * out_strides[1] + i * out_strides[2] + j * out_strides[3]] = acc


tensor_conv2d = njit(parallel=True)(_tensor_conv2d)
