import numpy as np


def _correlate_plane(plane, kernel):
    m, n = kernel.shape
    h, w = plane.shape
    padded = np.zeros((h + m - 1, w + n - 1))
    padded[m // 2:m // 2 + h, n // 2:n // 2 + w] = plane
    res = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            res[y, x] = np.dot(padded[y:y + m, x:x + n].ravel(), kernel.ravel())
    return res


def cross_correlation_2d(img, kernel):
    '''Given a kernel of arbitrary m x n dimensions, with both m and n being
    odd, compute the cross correlation of the given image with the given
    kernel. Output has the same dimensions as img; pixels outside are zero.
    '''
    if img.ndim == 2:
        return _correlate_plane(img, kernel)
    result = np.zeros(img.shape)
    for c in range(3):
        result[:, :, 2 - c] = _correlate_plane(img[:, :, c], kernel)
    return result
