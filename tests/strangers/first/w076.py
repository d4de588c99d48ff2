import numpy as np
from numba import njit


@njit
def conv2d(input, weight, stride=1, padding=0):
    n_img, n_in, H, W = input.shape
    n_out, _, kh, kw = weight.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((n_img, n_out, oh, ow))
    kernel = weight[0]
    for n in range(n_img):
        for k in range(n_out):
            for i in range(oh):
                for j in range(ow):
                    for c in range(n_in):
                        for a in range(kh):
                            y = i * stride + a - padding
                            for b in range(kw):
                                x = j * stride + b - padding
                                if 0 <= y < H and 0 <= x < W:
                                    out[n, k, i, j] += kernel[c, a, b] * input[n, c, y, x]
    return out
