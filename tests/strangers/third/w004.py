import numpy as np


def convolve(image, kernel):
    """
    Slide `kernel` over `image`.

    Parameters
    ----------
    image : 2-D array
    kernel : 2-D array
    """
    ih, iw = image.shape
    kh, kw = kernel.shape
    result = np.zeros_like(image, dtype=float)
    ph, pw = kh // 2, kw // 2

    for y in range(ih - kh + 1):
        for x in range(iw - kw + 1):
            total = 0
            for dy in range(kh):
                for dx in range(kw):
                    total += image[y + dy, x + dx] * kernel[dy, dx]
            result[y + ph, x + pw] = total

    return result
