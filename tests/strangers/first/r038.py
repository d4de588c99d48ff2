import numpy as np
from numba import njit, prange


@njit
def _run(x, w, b, sh, sw, ph, pw, out):
    for n in prange(out.shape[0]):
        for o in range(out.shape[1]):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    acc = b[o]
                    for a in range(w.shape[2]):
                        r = i * sh + a - ph
                        if 0 <= r < x.shape[2]:
                            for e in range(w.shape[3]):
                                q = j * sw + e - pw
                                if 0 <= q < x.shape[3]:
                                    for c in range(w.shape[1]):
                                        acc += x[n, c, r, q] * w[o, c, a, e]
                    out[n, o, i, j] = acc


def conv_pairs(x, w, b, stride=(1, 1), padding=(0, 0)):
    (sh, sw), (ph, pw) = stride, padding
    oh = (x.shape[2] + 2 * ph - w.shape[2]) // sh + 1
    ow = (x.shape[3] + 2 * pw - w.shape[3]) // sw + 1
    out = np.zeros((x.shape[0], w.shape[0], oh, ow))
    _run(x, w, b, sh, sw, ph, pw, out)
    return out
