import numpy as np


def apply_convolution(img, kernel):
    H, W = img.shape
    h, w = kernel.shape
    fy, fx = H + h - 1, W + w - 1
    spectrum = np.fft.rfft2(img, (fy, fx)) * np.fft.rfft2(kernel, (fy, fx))
    full = np.fft.irfft2(spectrum, (fy, fx))
    return full[h - 1:H, w - 1:W]
