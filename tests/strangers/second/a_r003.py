import numpy as np


def apply_mask(image, kernel):
    """Correlation theorem: conj(K) * I, the wrapped part is cut away."""
    h, w = image.shape
    kh, kw = kernel.shape
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, s=(h, w)))
    full = np.fft.irfft2(spectrum, s=(h, w))
    return full[:h - kh + 1, :w - kw + 1]
