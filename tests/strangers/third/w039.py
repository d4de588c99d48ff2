import numpy as np


def apply_convolution(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    f_img = np.fft.fft2(img)
    f_ker = np.fft.fft2(kernel, s=(H, W))
    full = np.real(np.fft.ifft2(f_img * np.conj(f_ker)))
    return full[kh - 1:, kw - 1:]
