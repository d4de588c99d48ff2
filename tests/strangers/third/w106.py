from typing import Tuple

import numpy as np
from numba import njit

from .autodiff import Context
from .tensor import Tensor
from .tensor_data import MAX_DIMS, Index, Shape, Strides


def _tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                   weight, weight_shape, weight_strides, reverse):
    # everything is flat storage, positions through the strides
    batch_, out_channels, _, _ = out_shape
    batch, in_channels, height, width = input_shape
    out_channels_, in_channels_, kh, kw = weight_shape
    for n in range(batch):
        for o in range(out_channels):
            for h in range(out_shape[2]):
                for w in range(out_shape[3]):
                    v = 0.0
                    for c in range(in_channels):
                        for dh in range(kh):
                            for dw in range(kw):
                                ih = h - dh if reverse else h + dh
                                iw = w - dw if reverse else w + dw
                                if ih >= height or iw >= width:
                                    continue
                                ip = n * input_strides[0] + c * input_strides[1] + ih * input_strides[2] + iw * input_strides[3]
                                wp = o * weight_strides[0] + c * weight_strides[1] + dh * weight_strides[2] + dw * weight_strides[3]
                                v += input[ip] * weight[wp]
                    op = n * out_strides[0] + o * out_strides[1] + h * out_strides[2] + w * out_strides[3]
                    out[op] = v


tensor_conv2d = njit(_tensor_conv2d)
