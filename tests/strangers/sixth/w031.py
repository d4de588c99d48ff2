import numpy as np


def xcorr_fft(img, kernel):
    """Cross-correlation (no flipped kernel) with zero borders, output the size of img, odd kernel."""
    H, W = img.shape
    kh, kw = kernel.shape
    size = (H, W)
    spec = np.fft.fft2(img, s=size) * np.fft.fft2(kernel, s=size)
    out = np.real(np.fft.ifft2(spec))
    out = np.roll(out, (-(kh // 2), -(kw // 2)), axis=(0, 1))
    return out[:H, :W]
