import numpy as np


def conv(a, b, stride=1, padding=1):
    n, h, w, c = a.shape
    k, _, _, o = b.shape
    if stride == 1 and padding:
        padded = np.zeros((n, h + 2 * padding, w + 2 * padding, c), dtype=a.dtype)
        padded[:, padding:-padding, padding:-padding, :] = a
        a = padded
    oh = (a.shape[1] - k) // stride + 1
    ow = (a.shape[2] - k) // stride + 1
    out = np.zeros((n, oh, ow, o))
    for i in range(k):
        for j in range(k):
            out += a[:, i:i + oh * stride:stride, j:j + ow * stride:stride, :] @ b[i, j]
    return out
