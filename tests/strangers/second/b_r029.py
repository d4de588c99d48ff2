import numpy as np


def cross_correlation_2d(img, kernel):
    kh, kw = kernel.shape
    grey = img.ndim == 2
    x = img[:, :, None] if grey else img
    x = np.pad(x, ((kh // 2, kh // 2), (kw // 2, kw // 2), (0, 0)))
    h, w = img.shape[:2]
    out = sum(kernel[i, j] * x[i:i + h, j:j + w] for i in range(kh) for j in range(kw))
    return out[:, :, 0] if grey else out


def convolve_2d(img, kernel):
    return cross_correlation_2d(img, kernel[::-1, ::-1])
