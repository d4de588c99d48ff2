import numpy as np


def fft_correlate(img, kernel):
    """Circular correlation is free of wrap-around on the valid part."""
    H, W = img.shape
    kh, kw = kernel.shape
    spec = np.fft.rfft2(img, s=(H, W)) * np.conj(np.fft.rfft2(kernel, s=(H, W)))
    return np.fft.irfft2(spec, s=(H, W))[:H - kh + 1, :W - kw + 1]
