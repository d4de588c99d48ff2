import numpy as np
from numba import njit


@njit
def nb_conv2d(img, kern, stride=1, p=0):
    n, c, h, w = img.shape
    f, _, kh, kw = kern.shape
    oh = (h + 2 * p - kh) // stride + 1
    ow = (w + 2 * p - kw) // stride + 1
    out = np.zeros((n, f, oh, ow))
    for b in range(n):
        for o in range(f):
            for i in range(oh):
                for j in range(ow):
                    for a in range(kh):
                        y = i * stride + a - p
                        if y < 0 or y >= h:
                            continue
                        for q in range(kw):
                            x = j * stride + q - p
                            if x < 0 or x >= w:
                                continue
                            for ch in range(c):
                                out[b, o, i, j] += img[b, ch, y, x] * kern[o, ch, a, q]
    return out
