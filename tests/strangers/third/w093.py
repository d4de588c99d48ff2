import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    s = conv_param["stride"]
    p = conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_prime = 1 + (H + 2 * p - HH) // s
    W_prime = 1 + (W + 2 * p - WW) // s
    x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant", constant_values=0)
    out = np.zeros((N, F, H_prime, W_prime))
    filters = w.reshape(F, -1)
    for i in range(H_prime):
        for j in range(W_prime):
            volume = x_pad[:, :, s * i:s * i + HH, j:j + WW].reshape(N, -1)
            out[:, :, i, j] = volume.dot(filters.T)
    return out, (x, w, b, conv_param)
