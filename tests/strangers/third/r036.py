import numpy as np
from numba import njit


@njit
def _kernel(x, w, stride, padding, out):
    for n in range(out.shape[0]):
        for o in range(out.shape[1]):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    s = 0.0
                    for c in range(w.shape[1]):
                        for a in range(w.shape[2]):
                            y = i * stride + a - padding
                            if y < 0 or y >= x.shape[2]:
                                continue
                            for b in range(w.shape[3]):
                                z = j * stride + b - padding
                                if z < 0 or z >= x.shape[3]:
                                    continue
                                s += x[n, c, y, z] * w[o, c, a, b]
                    out[n, o, i, j] = s


def conv2d(input, weight, stride=1, padding=0):
    oh = (input.shape[2] + 2 * padding - weight.shape[2]) // stride + 1
    ow = (input.shape[3] + 2 * padding - weight.shape[3]) // stride + 1
    out = np.zeros((input.shape[0], weight.shape[0], oh, ow))
    _kernel(input, weight, stride, padding, out)
    return out
