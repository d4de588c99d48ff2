import numpy as np


def same_pad(size, k, s):
    # as TensorFlow does it: the smaller half in front
    total = max((-(-size // s) - 1) * s + k - size, 0)
    return total // 2, total - total // 2


def conv2d_same(x, kernel, stride=1):
    """NHWC with HWIO, 'SAME' padding as in TensorFlow, square kernels."""
    n, h, w, _ = x.shape
    k, _, _, co = kernel.shape
    xp = np.pad(x, ((0, 0), same_pad(h, k, stride), same_pad(w, k, stride), (0, 0)))
    oh, ow = h // stride, w // stride
    y = np.zeros((n, oh, ow, co))
    for i in range(oh):
        for j in range(ow):
            blk = xp[:, i * stride:i * stride + k, j * stride:j * stride + k]
            y[:, i, j] = np.tensordot(blk, kernel, axes=3)
    return y
