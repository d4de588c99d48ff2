import numpy as np


def correlate_same(img, kernel):
    """
    Cross-correlation with zeros outside the image.

    Parameters
    ----------
    img : 2-D array
    kernel : 2-D array, odd number of rows and of columns, not necessarily the same

    Returns
    -------
    2-D array, as large as img
    """
    H, W = img.shape
    kh, kw = kernel.shape
    ph, pw = kw // 2, kh // 2
    big = np.zeros((H + kh + kw, W + kh + kw))
    big[ph:ph + H, pw:pw + W] = img
    result = np.zeros((H, W))
    for r in range(H):
        for c in range(W):
            total = 0
            for a in range(kh):
                for b in range(kw):
                    total += big[r + a, c + b] * kernel[a, b]
            result[r, c] = total
    return result
