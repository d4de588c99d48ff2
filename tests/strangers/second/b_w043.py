import numpy as np
from numba import njit


@njit
def as_view(storage, shape, strides):
    res = np.empty((shape[0], shape[1], shape[2], shape[3]))
    for a in range(shape[0]):
        for b in range(shape[1]):
            for c in range(shape[2]):
                for d in range(shape[3]):
                    res[a, b, c, d] = storage[a * strides[0] + b * strides[1] + c * strides[2] + d * strides[3]]
    return res


@njit
def tensor_conv2d(out, out_shape, out_strides, out_size, input, input_shape, input_strides,
                  weight, weight_shape, weight_strides, reverse):
    x = as_view(input, input_shape, input_strides)
    k = as_view(weight, weight_shape, weight_strides)
    N, C, H, W = x.shape
    O, _, kh, kw = k.shape
    step = -1 if reverse else 1
    for n in range(N):
        for o in range(O):
            for i in range(H):
                for j in range(W):
                    value = 0.0
                    for c in range(C):
                        for di in range(kh):
                            for dj in range(kw):
                                p, q = i + step * di, j + step * dj
                                if p < H and q < W:
                                    value += x[n, c, p, q] * k[o, c, di, dj]
                    out[n * out_strides[0] + o * out_strides[1]
                        + i * out_strides[2] + j * out_strides[3]] = value
