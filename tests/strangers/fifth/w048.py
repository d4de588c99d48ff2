import numpy as np


def _direct(x, weight):
    kh, kw = weight.shape[2:]
    v = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    return np.einsum("nchwij,ocij->nohw", v, weight)


def _fft(x, weight):
    h, w = x.shape[2:]
    kh, kw = weight.shape[2:]
    s = (h + kh - 1, w + kw - 1)
    X = np.fft.rfft2(x, s)
    K = np.fft.rfft2(weight, s)
    y = np.fft.irfft2(np.einsum("nchw,ochw->nohw", X, K), s)
    return y[:, :, kh - 1:h, kw - 1:w]


def conv2d(input, weight, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    if weight.shape[2] * weight.shape[3] < 15:
        return _direct(x, weight)
    return _fft(x, weight)
