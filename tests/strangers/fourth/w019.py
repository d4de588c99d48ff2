import numpy as np


def same_correlation(img, mask):
    """same-size filtering, zeros around"""
    h, w = img.shape
    mh, mw = mask.shape
    ph, pw = mh // 2, mw // 2
    big = np.zeros((h + 2 * ph, w + 2 * pw))
    big[ph:ph + h, pw:pw + w] = img
    out = np.zeros((h, w))
    for r in range(ph, h):
        for c in range(pw, w):
            total = 0
            for i in range(-ph, ph + 1):
                for j in range(-pw, pw + 1):
                    total += big[r + i, c + j] * mask[i + ph, j + pw]
            out[r - ph, c - pw] = total
    return out
