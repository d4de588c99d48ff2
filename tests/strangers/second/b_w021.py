import torch


def apply_convolution(img, kernel):
    """'valid' filter response of a picture, by FFT."""
    H, W = img.shape
    kh, kw = kernel.shape
    size = (H + kh - 1, W + kw - 1)
    spec = torch.fft.rfft2(img, s=size) * torch.fft.rfft2(torch.flip(kernel, (0, 1)), s=size)
    full = torch.fft.irfft2(spec, s=size)
    return full[kh - 2:kh - 2 + H - kh + 1, kw - 2:kw - 2 + W - kw + 1]
