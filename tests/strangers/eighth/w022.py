import numpy as np


def _one(plane, kernel):
    m, n = kernel.shape
    p = np.zeros((plane.shape[0] + m - 1, plane.shape[1] + n - 1))
    p[m // 2:m // 2 + plane.shape[0], n // 2:n // 2 + plane.shape[1]] = plane
    out = np.zeros(plane.shape)
    for a in range(m):
        for b in range(n):
            out += kernel[a, b] * p[a:a + plane.shape[0], b:b + plane.shape[1]]
    return out


def cross_correlation_2d(img, kernel):
    '''Computes the cross-correlation of an RGB or grey image, same size'''
    if img.ndim == 2:
        return _one(img, kernel)
    channels = []
    for c in range(img.shape[2]):
        channels.append(_one(img[:, :, 0], kernel))
    return np.dstack(channels)
