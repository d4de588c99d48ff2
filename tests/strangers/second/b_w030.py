import numpy as np


def my_imfilter(image, filter):
    """Filter a colour picture; the result has the picture's size, zeros outside."""
    H, W, C = image.shape
    k, l = filter.shape
    assert k % 2 == 1 and l % 2 == 1
    py, px = k // 2, l // 2
    padded = np.pad(image, ((py, py), (px, px), (0, 0)))
    filtered = np.zeros(image.shape)
    for c in range(C):
        for y in range(H):
            for x in range(W):
                filtered[y, x, c] = np.sum(padded[y:y + k, x:x + l, 0] * filter)
    return filtered
