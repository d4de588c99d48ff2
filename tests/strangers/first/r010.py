from numba import njit


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch_, out_channels, out_h, out_w = out_shape
    batch, in_channels, height, width = input_shape
    _, _, kh, kw = weight_shape
    s1 = input_strides
    s2 = weight_strides
    for b in range(batch_):
        for oc in range(out_channels):
            for h in range(out_h):
                for w in range(out_w):
                    acc = 0.0
                    for ic in range(in_channels):
                        for i in range(kh):
                            for j in range(kw):
                                y = h - i if reverse else h + i
                                x = w - j if reverse else w + j
                                if y >= 0 and y < height and x >= 0 and x < width:
                                    acc += (input[b * s1[0] + ic * s1[1] + y * s1[2] + x * s1[3]]
                                            * weight[oc * s2[0] + ic * s2[1] + i * s2[2] + j * s2[3]])
                    pos = b * out_strides[0] + oc * out_strides[1] + h * out_strides[2] + w * out_strides[3]
                    out[pos] = acc
