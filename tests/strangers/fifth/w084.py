import numpy as np


def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch_, out_channels, _, _ = out_shape
    batch, in_channels, height, width = input_shape
    out_channels_, in_channels_, kh, kw = weight_shape
    sign = -1 if reverse else 1
    for index in range(out_size):
        rest, w = divmod(index, int(out_shape[3]))
        rest, h = divmod(rest, int(out_shape[2]))
        b, oc = divmod(rest, int(out_channels))
        v = 0.0
        for ic in range(in_channels):
            for i in range(kh):
                for j in range(kw):
                    y, x = h + sign * i, w + sign * j
                    if 0 <= y < height and 0 <= x < width:
                        pos = ((b * in_channels + ic) * height + y) * width + x
                        wpos = (oc * weight_strides[0] + ic * weight_strides[1]
                                + i * weight_strides[2] + j * weight_strides[3])
                        v += input[pos] * weight[wpos]
        out[b * out_strides[0] + oc * out_strides[1] + h * out_strides[2] + w * out_strides[3]] = v
