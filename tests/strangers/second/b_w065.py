import numpy as np


def conv2d(X, W, p=(0, 0), s=(1, 1)):
    kernel = np.rot90(np.array(W), 2)
    ph, pw = p[::-1]
    img = np.pad(np.array(X), [(ph, ph), (pw, pw)], mode='constant')
    windows = np.lib.stride_tricks.sliding_window_view(img, kernel.shape)
    windows = windows[::s[0], ::s[1]]
    return np.einsum('ijkl,kl->ij', windows, kernel)
