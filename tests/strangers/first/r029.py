import numpy as np


def get_im2col_indices(C, H, W, kh, kw, pad, stride):
    out_h = (H + 2 * pad - kh) // stride + 1
    out_w = (W + 2 * pad - kw) // stride + 1
    i0 = np.tile(np.repeat(np.arange(kh), kw), C)
    j0 = np.tile(np.arange(kw), kh * C)
    i1 = stride * np.repeat(np.arange(out_h), out_w)
    j1 = stride * np.tile(np.arange(out_w), out_h)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    k = np.repeat(np.arange(C), kh * kw).reshape(-1, 1)
    return k, i, j, out_h, out_w


def conv2d_gemm(x, filters, bias, stride=1, pad=0):
    N, C, H, W = x.shape
    n_f, _, kh, kw = filters.shape
    k, i, j, out_h, out_w = get_im2col_indices(C, H, W, kh, kw, pad, stride)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cols = xp[:, k, i, j]                                    # N, C*kh*kw, out_h*out_w
    res = filters.reshape(n_f, -1)[None] @ cols + bias.reshape(1, n_f, 1)
    return res.reshape(N, n_f, out_h, out_w)
