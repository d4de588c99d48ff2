import numpy as np

def fft_convolve_valid(img, kernel):
    # true convolution, only the positions where the kernel lies inside the image
    H, W = img.shape
    kh, kw = kernel.shape
    full = np.fft.irfft2(np.fft.rfft2(img) * np.fft.rfft2(kernel, s=(H, W)), s=(H, W))
    return full[:H - kh + 1, :W - kw + 1]
