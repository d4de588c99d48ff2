import numpy as np

def _correlate(img, kernel):
    if img.ndim == 3:
        return np.dstack([_correlate(img[:, :, c], kernel) for c in range(img.shape[2])])
    m, n = kernel.shape
    big = np.zeros((img.shape[0] + m - 1, img.shape[1] + n - 1))
    big[m // 2:m // 2 + img.shape[0], n // 2:n // 2 + img.shape[1]] = img
    out = np.zeros(img.shape)
    for a in range(m):
        for b in range(n):
            out += kernel[a, b] * big[a:a + img.shape[0], b:b + img.shape[1]]
    return out

def convolve_2d(img, kernel):
    '''Use cross_correlation on the flipped kernel to carry out a 2D convolution.'''
    return _correlate(img, np.fliplr(np.flipud(kernel)))
