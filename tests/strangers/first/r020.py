import numpy as np


def cross_correlation_2d(img, kernel):
    '''Same-size correlation; img is (H, W) or (H, W, 3).'''
    k_rows, k_cols = kernel.shape
    pr, pc = (k_rows - 1) // 2, (k_cols - 1) // 2
    grey = img.ndim == 2
    data = img[:, :, np.newaxis] if grey else img
    padded = np.pad(data.astype(float), ((pr, pr), (pc, pc), (0, 0)), 'constant')
    res = np.zeros(data.shape)
    for r in range(data.shape[0]):
        for c in range(data.shape[1]):
            region = padded[r:r + k_rows, c:c + k_cols, :]
            res[r, c, :] = np.tensordot(kernel, region, axes=([0, 1], [0, 1]))
    return res[:, :, 0] if grey else res


def convolve_2d(img, kernel):
    return cross_correlation_2d(img, kernel[::-1, ::-1])
