import numpy as np


def sobel_custom(img):
    """Sobel = smoothing [1 2 1] in one direction, difference in the other"""
    a = np.asarray(img, dtype=float)
    smooth_v = a[:-2, :] + 2 * a[1:-1, :] + a[2:, :]
    smooth_h = a[:, :-2] + 2 * a[:, 1:-1] + a[:, 2:]
    gx = smooth_v[:, 2:] - smooth_v[:, :-2]
    gy = smooth_h[2:, :] - smooth_h[:-2, :]
    g = np.sqrt(np.square(gx) + np.square(gy))
    return g / np.amax(g)
