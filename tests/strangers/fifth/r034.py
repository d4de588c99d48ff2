import numpy as np
from numba import njit, prange


@njit(parallel=False)
def depthwise_conv(img, kernels, stride):
    C, H, W = img.shape
    _, kh, kw = kernels.shape
    oh = (H - kh) // stride + 1
    ow = (W - kw) // stride + 1
    out = np.empty((C, oh, ow))
    for c in prange(C):
        for y in range(oh):
            for x in range(ow):
                acc = 0.0
                for i in range(kh):
                    for j in range(kw):
                        acc += img[c, y * stride + i, x * stride + j] * kernels[c, i, j]
                out[c, y, x] = acc
    return out
