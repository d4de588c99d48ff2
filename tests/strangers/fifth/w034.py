import numpy as np


def fftconv2d(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    shape = (H, W)
    spectrum = np.fft.rfft2(image, shape) * np.fft.rfft2(kernel, shape)
    out = np.zeros((H + kh - 1, W + kw - 1))
    res = np.fft.irfft2(spectrum, shape)
    out[:res.shape[0], :res.shape[1]] = res
    return out
