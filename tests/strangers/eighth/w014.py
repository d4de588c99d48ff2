import torch


def fft_corr(img, kernel):
    """valid cross-correlation through the Fourier transform"""
    H, W = img.shape
    kh, kw = kernel.shape
    A = torch.fft.rfft2(img, s=(H, W))
    B = torch.fft.rfft2(kernel, s=(H, W))
    full = torch.fft.irfft2(A * B.conj(), s=(H, W))
    return full[kh - 1:, kw - 1:]
