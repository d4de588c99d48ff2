from numba import njit, prange


@njit(parallel=False)
def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    batch, out_channels, oh, ow = out_shape
    _, in_channels, height, width = input_shape
    _, _, kh, kw = weight_shape
    i0, i1, i2, i3 = input_strides[0], input_strides[1], input_strides[2], input_strides[3]
    w0, w1, w2, w3 = weight_strides[0], weight_strides[1], weight_strides[2], weight_strides[3]
    for n in prange(batch):
        for oc in range(out_channels):
            for h in range(oh):
                for w in range(ow):
                    total = 0.0
                    for ic in range(in_channels):
                        for dh in range(kh):
                            ih = h - dh if reverse else h + dh
                            if ih < 0 or ih >= height:
                                continue
                            for dw in range(kw):
                                iw = w - dw if reverse else w + dw
                                if iw < 0 or iw >= width:
                                    continue
                                total += (input[n * i0 + ic * i1 + ih * i2 + iw * i3]
                                          * weight[oc * w0 + ic * w1 + dh * w2 + dw * w3])
                    out[n * out_strides[0] + oc * out_strides[1] + h * out_strides[2] + w * out_strides[3]] = total
