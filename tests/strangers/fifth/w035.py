import numpy as np


def fft_corr(img, kernel):
    """valid part of the cross-correlation, O(N log N)"""
    H, W = img.shape
    kh, kw = kernel.shape
    F = np.fft.fft2(img)
    G = np.fft.fft2(kernel, s=(H, W))
    corr = np.abs(np.fft.ifft2(F * np.conj(G)))
    return corr[:H - kh + 1, :W - kw + 1]
