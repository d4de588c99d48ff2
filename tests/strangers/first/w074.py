from numba import njit, prange


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch, out_channels, height, width = out_shape
    _, in_channels, in_h, in_w = input_shape
    _, _, kh, kw = weight_shape
    i0, i1, i2, i3 = input_strides
    w0, w1, w2, w3 = weight_strides
    for n in prange(batch):
        for oc in range(out_channels):
            for h in range(height):
                for w in range(width):
                    total = 0.0
                    for a in range(kh):
                        for b in range(kw):
                            y, x = h + a, w + b
                            if y < 0 or x < 0 or y >= in_h or x >= in_w:
                                continue
                            for ic in range(in_channels):
                                total += (input[n * i0 + ic * i1 + y * i2 + x * i3]
                                          * weight[oc * w0 + ic * w1 + a * w2 + b * w3])
                    out[n * out_strides[0] + oc * out_strides[1] + h * out_strides[2] + w * out_strides[3]] = total
