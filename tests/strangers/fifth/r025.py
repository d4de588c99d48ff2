import numpy as np


def convolve_periodic(field, kernel):
    """Convolution on a periodic grid, kernel centred (odd sides)."""
    cy, cx = kernel.shape[0] // 2, kernel.shape[1] // 2
    total = np.zeros(field.shape)
    for (a, b), weight in np.ndenumerate(kernel):
        total += weight * np.roll(field, shift=(a - cy, b - cx), axis=(0, 1))
    return total
