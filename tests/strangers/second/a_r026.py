import numpy as np


def my_imfilter(image, filter):
    k, j = filter.shape
    assert k % 2 == 1 and j % 2 == 1
    h, w, channels = image.shape
    padded = np.pad(image, ((k // 2, k // 2), (j // 2, j // 2), (0, 0)), mode='reflect')
    filtered = np.zeros((h, w, channels))
    for row in range(h):
        for col in range(w):
            for ch in range(channels):
                filtered[row, col, ch] = np.sum(padded[row:row + k, col:col + j, ch] * filter)
    return filtered
