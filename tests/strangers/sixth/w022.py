import numpy as np


def correlate_shift(img, kernel):
    """Same-size cross-correlation, zeros outside, odd square kernel: sum of shifted, weighted images."""
    n = kernel.shape[0]
    r = n // 2
    big = np.pad(img, r)
    acc = np.zeros(big.shape)
    for a in range(n):
        for b in range(n):
            acc += kernel[a, b] * np.roll(big, (r - a, r - b), axis=(1, 0))
    return acc[r:r + img.shape[0], r:r + img.shape[1]]
