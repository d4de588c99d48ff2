import numpy as np

def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    padded = np.pad(img, ((kh // 2, kh // 2), (kw // 2, kw // 2)), 'constant')
    shape = (padded.shape[0] - kh + 1, padded.shape[1] - kw + 1, kh, kw)
    strides = padded.strides * 2
    sub = np.lib.stride_tricks.as_strided(padded, shape=shape, strides=strides)
    return np.einsum('ij,klij->kl', kernel, sub)
