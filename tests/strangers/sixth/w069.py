from numba import njit


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size,
                  input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    """2D convolution on flat storages, result into out; as large as the input, anchored at the
    top left (zeros at the right and bottom), or with reverse at the bottom right."""
    batch, out_channels, out_h, out_w = out_shape
    _, in_channels, height, width = input_shape
    _, _, kh, kw = weight_shape
    for b in range(batch):
        for oc in range(out_channels):
            for i in range(out_h):
                for j in range(out_w):
                    acc = 0.0
                    for ic in range(in_channels):
                        for p in range(kh):
                            for q in range(kw):
                                if reverse:
                                    ih, iw = i - p, j - q
                                else:
                                    ih, iw = i + p, j + q
                                if ih >= 0 and ih < height and iw < width:
                                    acc += (
                                        input[b * input_strides[0] + ic * input_strides[1]
                                              + ih * input_strides[2] + iw * input_strides[3]]
                                        * weight[oc * weight_strides[0] + ic * weight_strides[1]
                                                 + p * weight_strides[2] + q * weight_strides[3]])
                    out[b * out_strides[0] + oc * out_strides[1]
                        + i * out_strides[2] + j * out_strides[3]] = acc
