import numpy as np


def my_imfilter(image, filter):
    """Filter every channel; the border is reflected. Odd filter sizes only."""
    k, j = filter.shape
    if k % 2 == 0 or j % 2 == 0:
        raise ValueError("filter dimensions must be odd")
    m, n, c = image.shape
    padded = np.pad(image, ((k // 2, k // 2), (j // 2, j // 2), (0, 0)), 'reflect')
    filtered = np.zeros(image.shape)
    for a in range(k):
        for b in range(j):
            filtered += filter[a, b] * padded[a:a + m, b:b + n, :]
    return filtered
