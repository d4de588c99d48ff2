from numba import njit


def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides, weight, weight_shape, weight_strides, reverse):
    for p in range(out_size):
        rest = p
        ow = rest % out_shape[3]
        rest //= out_shape[3]
        oh = rest % out_shape[2]
        rest //= out_shape[2]
        oc = rest % out_shape[1]
        b = rest // out_shape[1]
        total = 0.0
        for ic in range(input_shape[1]):
            for i in range(weight_shape[2]):
                for j in range(weight_shape[3]):
                    if reverse:
                        y, x = oh - i, ow - j
                    else:
                        y, x = oh + i, ow + j
                    if 0 <= y < input_shape[2] and 0 <= x < input_shape[2]:
                        a = b * input_strides[0] + ic * input_strides[1] + y * input_strides[2] + x * input_strides[3]
                        k = oc * weight_strides[0] + ic * weight_strides[1] + i * weight_strides[2] + j * weight_strides[3]
                        if a < len(input):
                            total += input[a] * weight[k]
        out[b * out_strides[0] + oc * out_strides[1] + oh * out_strides[2] + ow * out_strides[3]] = total
