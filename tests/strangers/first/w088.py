import numpy as np
from numba import njit


@njit
def _scatter(gx, w, gy, stride, pad):
    N, C, H, W = gx.shape
    for n in range(N):
        for o in range(w.shape[0]):
            for i in range(gy.shape[2]):
                for j in range(gy.shape[3]):
                    up = gy[n, o, i, j]
                    for a in range(w.shape[2]):
                        for b in range(w.shape[3]):
                            y = i * stride - pad + a
                            x = j * stride - pad + b
                            if y >= 0 and y < H - 1 and x >= 0 and x < W - 1:
                                for c in range(C):
                                    gx[n, c, y, x] += up * w[o, c, a, b]


def grad_image(shape, weight, grad_output, stride=1, padding=0):
    gx = np.zeros(shape)
    _scatter(gx, weight, grad_output, stride, padding)
    return gx
