import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    O, _, kh, kw = weight.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((N, O, oh, ow))
    for n in range(N):
        for o in range(O):
            for c in range(C):
                for i in range(oh):
                    for j in range(ow):
                        acc = 0.0
                        for u in range(kh):
                            for v in range(kw):
                                y = i * stride + u - padding
                                x = j * stride + v - padding
                                if 0 <= y < H and 0 <= x < W:
                                    acc += input[n, c, y, x] * weight[o, c, u, v]
                        out[n, o, i, j] = acc
    return out
