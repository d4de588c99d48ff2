import numpy as np


def smooth(image, mask):
    """Apply a small mask to an image, valid part only."""
    mask = np.array(mask).astype(int)
    H, W = image.shape
    mh, mw = mask.shape
    res = np.zeros((H - mh + 1, W - mw + 1))
    for i in range(res.shape[0]):
        for j in range(res.shape[1]):
            region = image[i:i + mh, j:j + mw]
            res[i, j] = (region * mask).sum()
    return res
