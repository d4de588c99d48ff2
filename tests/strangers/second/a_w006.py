import numpy as np
from scipy import ndimage


def cross_correlation_2d(img, kernel):
    '''Given a kernel of arbitrary m x n dimensions, with both m and n being
    odd, compute the cross correlation of the given image with the given kernel.
    '''
    m, n = kernel.shape
    if img.ndim == 3:
        planes = [cross_correlation_2d(img[:, :, c], kernel) for c in range(img.shape[2])]
        return np.stack(planes, axis=2)
    frame = np.zeros((img.shape[0] + 2 * (m // 2), img.shape[1] + 2 * (n // 2)))
    frame[m // 2:m // 2 + img.shape[0], n // 2:n // 2 + img.shape[1]] = img
    return ndimage.correlate(frame, kernel, mode='constant', cval=0.0)
