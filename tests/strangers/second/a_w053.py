import numpy as np
from scipy import signal


def apply_convolution(img, kernel):
    img = np.atleast_2d(np.asarray(img, dtype=float))
    kernel = np.atleast_2d(np.asarray(kernel, dtype=float))
    if kernel.shape[0] > img.shape[0] or kernel.shape[1] > img.shape[1]:
        raise ValueError("kernel larger than image")
    return signal.correlate2d(kernel, img, mode='valid')
