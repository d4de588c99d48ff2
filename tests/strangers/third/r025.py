import numpy as np
from scipy import ndimage


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    full = ndimage.correlate(np.asarray(img, dtype=float), np.asarray(kernel, dtype=float), mode='constant')
    t, l = kh // 2, kw // 2
    return full[t:t + img.shape[0] - kh + 1, l:l + img.shape[1] - kw + 1]
