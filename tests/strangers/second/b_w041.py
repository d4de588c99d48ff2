from numba import njit, prange


@njit
def _at(pos0, pos1, pos2, pos3, strides):
    return pos0 * strides[0] + pos1 * strides[1] + pos2 * strides[2] + pos3 * strides[3]


@njit
def tensor_conv2d(
    out, out_shape, out_strides, out_size,
    input, input_shape, input_strides,
    weight, weight_shape, weight_strides, reverse,
):
    """2D convolution on flat storage; anchored left/top, or right/bottom if reverse."""
    B, OC, H, W = out_shape
    IC = input_shape[1]
    KH, KW = weight_shape[2], weight_shape[3]
    for b in prange(B):
        for i in range(H):
            for j in range(W):
                acc = 0.0
                for oc in range(OC):
                    for ic in range(IC):
                        for a in range(KH):
                            for c in range(KW):
                                if reverse:
                                    y, x = i - a, j - c
                                else:
                                    y, x = i + a, j + c
                                if y < 0 or x < 0 or y >= input_shape[2] or x >= input_shape[3]:
                                    continue
                                acc += (input[_at(b, ic, y, x, input_strides)]
                                        * weight[_at(oc, ic, a, c, weight_strides)])
                    out[_at(b, oc, i, j, out_strides)] = acc
