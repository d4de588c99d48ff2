import numpy as np


def apply_convolution(img, kernel):
    n, m = img.shape
    p, q = kernel.shape
    out = np.zeros((n - p + 1, m - q + 1))
    for i in range(out.shape[0]):
        acc = 0.0
        for j in range(out.shape[1]):
            for u in range(p):
                for v in range(q):
                    acc += img[i + u, j + v] * kernel[u, v]
            out[i, j] = acc
    return out
