import numpy as np


def cross_correlation_2d(img, kernel):
    m, n = kernel.shape
    pad_y, pad_x = int((m - 1) / 2), int((n - 1) / 2)
    if img.ndim == 2:
        padded = np.pad(img, ((pad_y, pad_y), (pad_x, pad_x)))
    else:
        padded = np.pad(img, ((pad_y, pad_y), (pad_x, pad_x), (0, 0)))
    result = np.zeros(img.shape)
    for r in range(img.shape[0]):
        for c in range(img.shape[1]):
            if img.ndim == 2:
                result[r, c] = np.sum(padded[r:r + m, c:c + n] * kernel)
            else:
                for ch in range(img.shape[2]):
                    result[r, c, ch] = np.sum(padded[r:r + m, c:c + n, ch] * kernel)
    return result


def convolve_2d(img, kernel):
    """img: grey (h, w) or colour (h, w, 3); kernel: odd by odd."""
    return cross_correlation_2d(img, np.flipud(kernel))
