import numpy as np


def conv_faster(image, kernel):
    Hi, Wi = image.shape
    Hk, Wk = kernel.shape
    padded = np.pad(image, ((Hk // 2, Hk // 2), (Wk // 2, Wk // 2)))
    k = kernel[::-1, ::-1]
    mat = np.zeros((Hi * Wi, Hk * Wk))
    for i in range(Hi * Wi):
        row, col = divmod(i, Wi)
        mat[i] = padded[row:row + Hk, col:col + Wk].reshape(-1)
    return mat.dot(k.reshape(-1)).reshape(Hi, Wi)
