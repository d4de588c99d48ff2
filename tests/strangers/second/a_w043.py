import numpy as np


def conv_2d_single(img, kernel):
    M, N = img.shape
    k, l = kernel.shape
    out = np.empty((M - k + 1, N - l + 1))
    for i in range(M - k + 1):
        somme = 0.0
        for j in range(N - l + 1):
            for p in range(k):
                for q in range(l):
                    somme = somme + img[i + p, j + q] * kernel[p, q]
            out[i, j] = somme
    return out
