import numpy as np


def fft_convolve_same(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    shape = (H + kh - 1, W + kw - 1)
    spec = np.fft.rfft2(img, shape) * np.fft.rfft2(kernel, shape)
    full = np.fft.irfft2(spec, shape)
    top, left = (kh - 1) // 2, (kw - 1) // 2
    return full[top:top + H, left:left + W]
