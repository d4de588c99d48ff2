import numpy as np

def fft_filter(image, kernel):
    """Causal filtering in the frequency domain: linear convolution, first H x W samples."""
    H, W = image.shape
    kh, kw = kernel.shape
    s = (H, W)
    spectrum = np.fft.rfft2(image, s) * np.fft.rfft2(kernel, s)
    return np.fft.irfft2(spectrum, s)[:H, :W]
