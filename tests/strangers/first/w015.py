import numpy as np


def smoothing(image, mask):
    """Filter a grey picture; the result has the picture's size."""
    rows, cols = image.shape
    kh, kw = mask.shape
    result = np.zeros_like(image, dtype=float)
    for y in range(kh - 1, rows):
        for x in range(kw - 1, cols):
            value = 0.0
            for i in range(kh):
                for j in range(kw):
                    value += mask[i, j] * image[y - kh + 1 + i, x - kw + 1 + j]
            result[y, x] = value
    return result
