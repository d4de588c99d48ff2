import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    """Convolution as one tensordot over a strided view."""
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = np.flip(weight, axis=2)
    kh, kw = k.shape[2:]
    n, c, h, w = x.shape
    sn, sc, sh, sw = x.strides
    shape = (n, c, (h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    v = np.lib.stride_tricks.as_strided(x, shape, (sn, sc, sh * stride, sw * stride, sh, sw))
    return np.tensordot(v, k, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
