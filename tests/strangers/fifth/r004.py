import numpy as np


def zero_pad(image, pad_height, pad_width):
    return np.pad(image, ((pad_height, pad_height), (pad_width, pad_width)), mode="constant")


def conv_faster(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    padded = zero_pad(image, Hk // 2, Wk // 2)
    mat = np.zeros((Hi * Wi, Hk * Wk))
    for i in range(Hk * Wk):
        row, col = i // Wk, i % Wk
        mat[:, i] = padded[row:row + Hi, col:col + Wi].ravel()
    flat = np.flip(kernel).reshape(-1, 1)
    return mat.dot(flat).reshape(Hi, Wi)
