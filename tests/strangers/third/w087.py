import numba
import numpy as np


@numba.njit(cache=False)
def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    O, C2, KH, KW = weight.shape
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    out = np.zeros((N, O, OH, OW))
    for n in range(N):
        for o in range(O):
            for y in range(OH):
                for x in range(OW):
                    val = 0.0
                    for c in range(C):
                        for ky in range(KH):
                            for kx in range(KW):
                                iy = y * stride + ky - padding
                                ix = x * stride + kx - padding
                                if iy < H and ix < W:
                                    val += input[n, c, iy, ix] * weight[o, c, ky, kx]
                    out[n, o, y, x] = val
    return out
