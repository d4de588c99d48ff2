from numba import njit


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size,
                  input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    B, OC, H, W = out_shape[0], out_shape[1], out_shape[2], out_shape[3]
    IC = input_shape[1]
    for b in range(B):
        for oc in range(OC):
            for i in range(H):
                for j in range(W):
                    acc = 0.0
                    for ic in range(IC):
                        for u in range(weight_shape[2]):
                            for v in range(weight_shape[3]):
                                y = i - u if reverse else i + u
                                x = j - v if reverse else j + v
                                if y < 0 or y >= input_shape[2] or x < 0 or x >= input_shape[3]:
                                    continue
                                acc += input[b * input_strides[0] + ic * input_strides[1]
                                             + y * input_strides[2] + x * input_strides[3]] * \
                                    weight[oc * weight_strides[0] + ic * weight_strides[1]
                                           + u * weight_strides[2] + v * weight_strides[3]]
                    out[b * out_strides[0] + oc * out_strides[1]
                        + i * out_strides[2] + j * out_strides[3]] = acc
