import numpy as np


def corr_fft(image, template):
    H, W = image.shape
    h, w = template.shape
    prod = np.fft.fft2(image) * np.conj(np.fft.fft2(template, s=(H, W)))
    return np.real(np.fft.ifft2(prod))[:H - h + 1, :W - w + 1]
