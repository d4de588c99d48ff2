import numpy as np
from numpy.lib.stride_tricks import as_strided


def conv2d(input, weight, stride=1, padding=0):
    x = np.ascontiguousarray(np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding))))
    N, C, H, W = x.shape
    F, C, HH, WW = weight.shape
    out_h = (H - HH) // stride + 1
    out_w = (W - WW) // stride + 1
    flat = x.reshape(N, C, H * W)
    rows = np.arange(out_h)[:, None, None, None] * stride + np.arange(HH)[None, None, :, None]
    cols = np.arange(out_w)[None, :, None, None] * stride + np.arange(WW)[None, None, None, :]
    idx = np.minimum(rows * H + cols, H * W - 1)
    patches = flat[:, :, idx]
    return np.einsum('ncijab,fcab->nfij', patches, weight)
