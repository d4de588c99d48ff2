import numpy as np


def xcorr_fft(img, kernel):
    """Cross-correlation with zero borders, same size, odd kernel, in the frequency domain."""
    H, W = img.shape
    kh, kw = kernel.shape
    assert kh % 2 and kw % 2
    size = (H + kh - 1, W + kw - 1)
    spec = np.fft.rfft2(img, s=size) * np.fft.rfft2(kernel[::-1, ::-1], s=size)
    full = np.fft.irfft2(spec, s=size)
    return full[kh // 2:kh // 2 + H, kw // 2:kw // 2 + W]
