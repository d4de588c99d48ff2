import numpy as np


def conv2d_nhwc(x, w, stride=1, padding=0):
    """x: (N, H, W, C)   w: (kh, kw, C, O)   ->   (N, H', W', O)"""
    N, H, W, C = x.shape
    kh, kw, _, O = w.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    y = np.zeros((N, oh, ow, O))
    for i in range(oh):
        for j in range(ow):
            for u in range(kh):
                for v in range(kw):
                    r = i * stride + u - padding
                    c = j * stride + v - padding
                    if 0 <= c < H and 0 <= r < W:
                        y[:, i, j, :] += x[:, c, r, :] @ w[u, v]
    return y
