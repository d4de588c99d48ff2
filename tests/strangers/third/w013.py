import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    n_img, n_in, height, width = input.shape
    n_out, _, k1, k2 = weight.shape
    x = np.zeros((n_img, n_in, height + 2 * padding, width + 2 * padding))
    x[:, :, padding:height + padding, padding:width + padding] = input
    rows = (height + 2 * padding - k1) // stride + 1
    cols = (width + 2 * padding - k2) // stride + 1
    out = np.zeros((n_img, n_out, rows, cols))
    for i in range(0, rows, stride):
        for j in range(0, cols, stride):
            patch = x[:, :, i * stride:i * stride + k1, j * stride:j * stride + k2]
            for f in range(n_out):
                for n in range(n_img):
                    out[n, f, i, j] = np.sum(patch[n] * weight[f])
    return out
