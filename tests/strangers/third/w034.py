import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    """Strided view + einsum, no loops."""
    if padding:
        input = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    n, c, h, w = input.shape
    o, _, kh, kw = weight.shape
    oh = (h - kh) // stride + 1
    ow = (w - kw) // stride + 1
    sz = input.itemsize
    view = np.lib.stride_tricks.as_strided(
        input,
        shape=(n, c, oh, ow, kh, kw),
        strides=(c * h * w * sz, h * w * sz, w * stride * sz, stride * sz, w * sz, sz),
        writeable=False,
    )
    return np.einsum("nchwkl,ockl->nohw", view, weight)
