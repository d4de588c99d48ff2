import numpy as np
from numba import njit


@njit
def _gather(dx, w, g, stride, padding):
    N, C, H, W = dx.shape
    O, _, kh, kw = w.shape
    for n in range(N):
        for c in range(C):
            for y in range(H):
                for x in range(W):
                    acc = 0.0
                    for a in range(kh):
                        i = (y + padding - a) // stride
                        if i < 0 or i >= g.shape[2]:
                            continue
                        for b in range(kw):
                            j = (x + padding - b) // stride
                            if j < 0 or j >= g.shape[3]:
                                continue
                            for o in range(O):
                                acc += g[n, o, i, j] * w[o, c, a, b]
                    dx[n, c, y, x] = acc


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    dx = np.zeros(input_size)
    _gather(dx, weight, grad_output, stride, padding)
    return dx
