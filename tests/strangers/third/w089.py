import math
import numpy as np
from numba import njit, prange


@njit(parallel=True)
def _run(x, w, out, s):
    for n in prange(x.shape[0]):
        for o in range(w.shape[0]):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    t = 0.0
                    for c in range(x.shape[1]):
                        for a in range(w.shape[2]):
                            r = i * s + w.shape[2] - 1 - a
                            for b in range(w.shape[3]):
                                q = j * s + b
                                if r < x.shape[2] and q < x.shape[3]:
                                    t += x[n, c, r, q] * w[o, c, a, b]
                    out[n, o, i, j] = t


def conv2d(input, weight, stride=1, padding=0):
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = math.ceil((xp.shape[2] - weight.shape[2] + 1) / stride)
    ow = math.ceil((xp.shape[3] - weight.shape[3] + 1) / stride)
    if (xp.shape[2] - weight.shape[2]) % stride:
        oh += 1
    if (xp.shape[3] - weight.shape[3]) % stride:
        ow += 1
    out = np.zeros((xp.shape[0], weight.shape[0], oh, ow))
    _run(xp, weight, out, stride)
    return out
