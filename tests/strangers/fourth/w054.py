import numpy as np
from minitorch.tensor_data import broadcast_index, index_to_position, to_index


def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    """2D convolution on flat storage; out is filled in place."""
    s1 = input_strides
    s2 = weight_strides
    _, C, H, W = input_shape
    _, _, KH, KW = weight_shape
    sign = -1 if reverse else 1
    for pos in range(out_size):
        rest = pos
        x = rest % out_shape[3]
        rest //= out_shape[3]
        y = rest % out_shape[2]
        rest //= out_shape[2]
        o = rest % out_shape[1]
        n = rest // out_shape[1]
        total = 0.0
        for c in range(C):
            for u in range(KH):
                yy = y + sign * u
                if yy < 0 or yy >= H:
                    continue
                for v in range(KW):
                    xx = x + sign * v
                    if xx < 0 or xx >= W:
                        continue
                    wpos = o * s2[0] + c * s2[1] + u * s2[2] + v * s2[2]
                    if wpos >= len(weight):
                        continue
                    total += input[n * s1[0] + c * s1[1] + yy * s1[2] + xx * s1[3]] * weight[wpos]
        out[n * out_strides[0] + o * out_strides[1] + y * out_strides[2] + x * out_strides[3]] = total
