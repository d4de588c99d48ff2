import numpy as np


def _indices(C, kh, kw, oh, ow, stride):
    i0 = np.tile(np.repeat(np.arange(kh), kw), C)
    j0 = np.tile(np.arange(kw), kh * C)
    i1 = stride * np.repeat(np.arange(oh), ow)
    j1 = stride * np.tile(np.arange(ow), oh)
    k = np.repeat(np.arange(C), kh * kw).reshape(-1, 1)
    return k, i0[:, None] + i1[None, :], j0[:, None] + j1[None, :]


def conv2d(input, weight, stride=1, padding=0):
    """Fancy-index im2col followed by one matrix product."""
    N, C, H, W = input.shape
    F, _, kh, kw = weight.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    k, i, j = _indices(C, kh, kw, oh, ow, stride)
    cols = x[:, k, i, j]
    out = weight.reshape(F, -1) @ cols
    return out.reshape(N, F, oh, ow)
