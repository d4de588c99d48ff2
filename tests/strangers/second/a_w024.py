import numpy as np


def weighted_sums(img, kernel):
    kh, kw = kernel.shape
    h, w = img.shape
    acc = np.zeros((h - kh + 1, w - kw + 1))
    for idx, weight in np.ndenumerate(kernel):
        r, c = idx
        acc += weight * img[r:h - kh + 1 + r, c:w - kw + 1 + c]
    return acc / kernel.size
