import numpy as np


def my_imfilter(image, filter):
    """
    Apply a filter to an image, reflecting the image at its borders.
    image: (m, n, c), filter: (k, l) with odd k, l. Returns (m, n, c).
    """
    m, n, c = image.shape
    k, l = filter.shape
    r, s = k // 2, l // 2
    padded = np.pad(image, [(r, r), (s, s), (0, 0)], mode="reflect")
    res = np.zeros((m, n, c))
    for i in range(r, m - r):
        for j in range(s, n - s):
            window = padded[i:i + k, j:j + l, :]
            res[i, j, :] = np.tensordot(filter, window, axes=([0, 1], [0, 1]))
    return res
