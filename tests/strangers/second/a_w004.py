import numpy as np


def filter2d(image, kernel):
    height, width = image.shape
    kh, kw = kernel.shape
    filtered = np.zeros((height, width), dtype=float)
    # (y, x) is where the last weight lies
    for y in range(kh - 1, height):
        for x in range(kw - 1, width):
            window = image[y - kh + 1:y + 1, x - kw + 1:x + 1]
            filtered[y, x] = np.sum(window * kernel)
    return filtered
