from numba import njit


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape,
                  input_strides, weight, weight_shape, weight_strides, reverse):
    n_out = out_size
    C, H, W = input_shape[1], input_shape[2], input_shape[3]
    for flat in range(n_out):
        rest = flat
        x0 = rest % out_shape[3]
        rest //= out_shape[3]
        y0 = rest % out_shape[2]
        rest //= out_shape[2]
        o = rest % out_shape[1]
        n = rest // out_shape[1]
        s = 0.0
        for c in range(C):
            for dy in range(weight_shape[2]):
                for dx in range(weight_shape[3]):
                    y = y0 - dy if reverse else y0 + dy
                    x = x0 - dx if reverse else x0 + dx
                    if 0 <= y and y < H and 0 <= x and x < W:
                        v = input[((n * C + c) * H + y) * W + x]
                        k = weight[o * weight_strides[0] + c * weight_strides[1]
                                   + dy * weight_strides[2] + dx * weight_strides[3]]
                        s += v * k
        out[n * out_strides[0] + o * out_strides[1] + y0 * out_strides[2] + x0 * out_strides[3]] = s
