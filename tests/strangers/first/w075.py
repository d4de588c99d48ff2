from numba import njit


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    B, OC, OH, OW = out_shape
    IC, H, W = input_shape[1], input_shape[2], input_shape[3]
    kh, kw = weight_shape[2], weight_shape[3]
    so, si, sw = out_strides, input_strides, weight_strides
    for b in range(B):
        for oc in range(OC):
            for r in range(H - kh + 1):
                for c in range(W - kw + 1):
                    s = 0.0
                    for ic in range(IC):
                        for u in range(kh):
                            for v in range(kw):
                                px = input[b * si[0] + ic * si[1] + (r + u) * si[2] + (c + v) * si[3]]
                                if reverse:
                                    k = weight[oc * sw[0] + ic * sw[1] + (kh - 1 - u) * sw[2] + (kw - 1 - v) * sw[3]]
                                else:
                                    k = weight[oc * sw[0] + ic * sw[1] + u * sw[2] + v * sw[3]]
                                s += px * k
                    y, x = r, c
                    if reverse:
                        y, x = r + kh - 1, c + kw - 1
                    out[b * so[0] + oc * so[1] + y * so[2] + x * so[3]] = s
