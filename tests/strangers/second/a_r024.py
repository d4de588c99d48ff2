import numpy as np


def convolve_full(signal, kernel):
    H, W = signal.shape
    m, n = kernel.shape
    out = np.zeros((H + m - 1, W + n - 1))
    for y in range(H):
        for x in range(W):
            # every pixel leaves one scaled copy of the kernel
            out[y:y + m, x:x + n] += signal[y, x] * kernel
    return out
