import numpy as np

def circular_correlate(img, kernel):
    """y[i, j] = sum_kl img[(i+k) mod H, (j+l) mod W] kernel[k, l] (periodic image)"""
    out = np.zeros(img.shape)
    for k in range(kernel.shape[0]):
        for l in range(kernel.shape[1]):
            out += kernel[k, l] * np.roll(img, (-k, -l), (0, 1))
    return out
