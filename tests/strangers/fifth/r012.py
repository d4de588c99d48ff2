def tensor_conv1d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch, out_channels, out_width = out_shape
    _, in_channels, width = input_shape
    _, _, kw = weight_shape
    s1, s2 = input_strides, weight_strides
    step = -1 if reverse else 1
    for b in range(batch):
        for oc in range(out_channels):
            for ow in range(out_width):
                value = 0.0
                for ic in range(in_channels):
                    for k in range(kw):
                        iw = ow + step * k
                        if 0 <= iw < width:
                            value += (input[b * s1[0] + ic * s1[1] + iw * s1[2]]
                                      * weight[oc * s2[0] + ic * s2[1] + k * s2[2]])
                out[b * out_strides[0] + oc * out_strides[1] + ow * out_strides[2]] = value
