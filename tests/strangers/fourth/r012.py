import numpy as np

def circular_filter(img, kernel):
    """Periodic boundary: what leaves on the right comes back on the left."""
    cy, cx = kernel.shape[0] // 2, kernel.shape[1] // 2
    acc = np.zeros(img.shape)
    for (a, b), weight in np.ndenumerate(kernel):
        acc += weight * np.roll(img, shift=(cy - a, cx - b), axis=(0, 1))
    return acc
