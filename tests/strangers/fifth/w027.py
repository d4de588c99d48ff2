import numpy as np


def im2col(x, kh, kw, stride):
    N, C, H, W = x.shape
    oh = (H - kh) // stride + 1
    ow = (W - kw) // stride + 1
    cols = np.empty((N, oh, ow, kh * kw * C))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            cols[:, i, j] = patch.transpose(0, 2, 3, 1).reshape(N, -1)
    return cols


def conv2d(input, weight, stride=1, padding=0):
    p = padding
    x = np.pad(input, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
    O, _, kh, kw = weight.shape
    cols = im2col(x, kh, kw, stride)
    out = cols @ weight.reshape(O, -1).T
    return out.transpose(0, 3, 1, 2)
