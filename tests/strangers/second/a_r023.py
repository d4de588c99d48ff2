import numpy as np


def windowed_sum(image, kernel):
    h, w = image.shape
    kh, kw = kernel.shape
    rows = np.clip(np.arange(h)[:, None] + np.arange(kh) - kh // 2, 0, h - 1)
    cols = np.clip(np.arange(w)[:, None] + np.arange(kw) - kw // 2, 0, w - 1)
    patches = image[rows[:, None, :, None], cols[None, :, None, :]]
    return (patches * kernel).sum(axis=(-2, -1))
