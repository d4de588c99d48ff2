import numpy as np
from numpy.lib.stride_tricks import as_strided


def apply_convolution(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    # a few spare rows so that the view never leaves the buffer
    img = np.vstack([img, np.zeros((kw, W))])
    s0, s1 = img.strides
    windows = as_strided(img, shape=(H - kh + 1, W - kw + 1, kh, kw), strides=(s0, s1, s0, s0))
    return np.tensordot(windows, kernel, axes=((2, 3), (0, 1)))
