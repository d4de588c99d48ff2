import math
import numpy as np


def same_pads(size, k, stride):
    out = math.ceil(size / stride)
    total = max((out - 1) * stride + k - size, 0)
    return out, total // 2, total - total // 2


def tf_like_conv(x, filters, stride=1):
    fh, fw, _, depth = filters.shape
    oh, top, bottom = same_pads(x.shape[1], fh, stride)
    ow, left, right = same_pads(x.shape[2], fw, stride)
    x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    y = np.zeros((x.shape[0], oh, ow, depth))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, i * stride:i * stride + fh, j * stride:j * stride + fw, :]
            y[:, i, j, :] = np.tensordot(patch, filters, axes=3)
    return y
