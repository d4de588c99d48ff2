import numpy as np
import numba as nb


@nb.njit(cache=False)
def _kernel(x_pad, w, stride, out):
    n, f, oh, ow = out.shape
    _, c_in, kh, kw = w.shape
    for b in range(n):
        for o in range(f):
            for y in range(oh):
                for x in range(oh):
                    if x >= ow:
                        break
                    s = 0.0
                    for c in range(c_in):
                        for u in range(kh):
                            for v in range(kw):
                                s += x_pad[b, c, y * stride + u, x * stride + v] * w[o, c, u, v]
                    out[b, o, y, x] = s


def conv2d(input, weight, stride=1, padding=0):
    x_pad = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (x_pad.shape[2] - weight.shape[2]) // stride + 1
    ow = (x_pad.shape[3] - weight.shape[3]) // stride + 1
    out = np.zeros((input.shape[0], weight.shape[0], oh, ow))
    _kernel(x_pad, weight, stride, out)
    return out
