import numpy as np

def apply_convolution(img, kernel):
    n, m = img.shape
    p, q = kernel.shape
    res = np.zeros((n, m))
    for i in range(p - 1, n):
        for j in range(q - 1, m):
            for a in range(p):
                for b in range(q):
                    res[i, j] += img[i - p + 1 + a, j - q + 1 + b] * kernel[a, b]
    return res
