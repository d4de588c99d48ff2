import numpy as np


def fft_convolve(signal, kernel):
    """Linear 2-D convolution computed in the Fourier domain; returns the fully overlapping part."""
    H, W = signal.shape
    kh, kw = kernel.shape
    shape = (H + kh - 1, W + kw - 1)
    spectrum = np.fft.rfft2(signal, shape) * np.fft.rfft2(kernel, shape)
    full = np.fft.irfft2(spectrum, shape)
    return full[kh - 1:H, kw - 1:W]
