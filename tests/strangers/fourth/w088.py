import numpy as np

def cross_correlation_2d(img, kernel):
    '''Given a kernel of arbitrary m x n dimensions, with both m and n being
    odd, compute the cross correlation of the given image with the given
    kernel, such that the output is of the same dimensions as the image.'''
    m, n = kernel.shape
    if img.ndim == 3:
        result = np.zeros(img.shape)
        for ch in range(img.shape[2]):
            result[:, :, ch] = cross_correlation_2d(img[:, :, 0], kernel)
        return result
    padded = np.pad(img, ((m // 2, m // 2), (n // 2, n // 2)), mode='edge')
    result = np.zeros(img.shape)
    flat = kernel.reshape(-1)
    for i in range(img.shape[0]):
        for j in range(img.shape[1]):
            result[i, j] = np.dot(padded[i:i + m, j:j + n].reshape(-1), flat)
    return result
