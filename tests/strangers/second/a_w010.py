import numpy as np


def cross_correlation_2d(img, kernel):
    m, n = kernel.shape
    u, v = (m - 1) // 2, (n - 1) // 2
    grey = img.ndim == 2
    rgb = img[:, :, None] if grey else img
    big = np.pad(rgb, ((u, u), (v, v), (0, 0)), mode='edge')
    out = np.zeros(rgb.shape)
    for dy in range(m):
        for dx in range(n):
            out += kernel[dy, dx] * big[dy:dy + rgb.shape[0], dx:dx + rgb.shape[1]]
    return out[:, :, 0] if grey else out


def convolve_2d(img, kernel):
    '''Convolution is correlation with the kernel turned upside down and left to right.'''
    return cross_correlation_2d(img, kernel[::-1, ::-1])
