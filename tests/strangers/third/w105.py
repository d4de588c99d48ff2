from numba import njit, prange


@njit(parallel=True)
def tensor_conv2d(
    out, out_shape, out_strides, out_size,
    input, input_shape, input_strides,
    weight, weight_shape, weight_strides,
    reverse,
):
    batch, out_channels, oh, ow = out_shape
    _, in_channels, h, w = input_shape
    _, _, kh, kw = weight_shape
    s1 = input_strides
    s2 = weight_strides

    for b in prange(batch):
        for oc in range(out_channels):
            for i in range(oh):
                for j in range(ow):
                    acc = 0.0
                    for ic in range(in_channels):
                        for ki in range(kh):
                            for kj in range(kw):
                                y = i + ki
                                x = j + kj
                                if y < h and x < w:
                                    acc += (
                                        input[b * s1[0] + ic * s1[1] + y * s1[2] + x * s1[3]]
                                        * weight[oc * s2[0] + ic * s2[1] + ki * s2[2] + kj * s2[3]]
                                    )
                    out[b * out_strides[0] + oc * out_strides[1] + i * out_strides[2] + j * out_strides[3]] = acc
