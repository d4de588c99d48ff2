import numpy as np


def conv2d_dilated(x, w, stride=1, dilation=1):
    N, C, H, W = x.shape
    O, _, kh, kw = w.shape
    oh = (H - dilation * (kh - 1) - 1) // stride + 1
    ow = (W - dilation * (kw - 1) - 1) // stride + 1
    out = np.zeros((N, O, oh, ow))
    for i in range(oh):
        for j in range(ow):
            for u in range(kh):
                for v in range(kw):
                    y = i * dilation + u * stride
                    xx = j * dilation + v * stride
                    if y >= H or xx >= W:
                        continue
                    out[:, :, i, j] += x[:, :, y, xx] @ w[:, :, u, v].T
    return out
