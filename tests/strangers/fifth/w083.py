import numpy as np


def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch, out_channels, out_h, out_w = out_shape
    _, in_channels, height, width = input_shape
    _, _, kh, kw = weight_shape
    s1, s2, so = input_strides, weight_strides, out_strides

    for b in range(batch):
        for oc in range(out_channels):
            for h in range(out_h):
                for w in range(out_w):
                    acc = 0.0
                    for ic in range(in_channels):
                        for i in range(kh):
                            ih = h - i if reverse else h + i
                            if ih < 0 or ih >= height:
                                continue
                            for j in range(kw):
                                iw = w + j
                                if iw < 0 or iw >= width:
                                    continue
                                acc += (
                                    input[b * s1[0] + ic * s1[1] + ih * s1[2] + iw * s1[3]]
                                    * weight[oc * s2[0] + ic * s2[1] + i * s2[2] + j * s2[3]]
                                )
                    out[b * so[0] + oc * so[1] + h * so[2] + w * so[3]] = acc
