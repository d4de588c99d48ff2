import numpy as np


def my_imfilter(image, filter):
    k, l = filter.shape
    if k % 2 == 0 or l % 2 == 0:
        raise ValueError("filter sizes must be odd")
    pads = [(k // 2, k // 2), (l // 2, l // 2), (0, 0)]
    padded = np.pad(image, pads, mode="reflect")
    h, w = image.shape[:2]
    out = np.zeros(image.shape)
    for i in range(k):
        for j in range(l):
            out += filter[i, j] * padded[i:i + h, j:j + w]
    return out
