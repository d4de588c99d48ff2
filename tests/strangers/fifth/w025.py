import numpy as np


def conv1d(x, w):
    """y[i] = sum_k x[i + k] * w[k]   (deep-learning 'convolution')"""
    x = np.asarray(x, dtype=float)
    w = np.asarray(w, dtype=float)
    return np.convolve(x, w, mode="valid")
