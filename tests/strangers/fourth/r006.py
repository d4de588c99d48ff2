import numpy as np

def full_convolution(a, b):
    n1, m1 = a.shape
    n2, m2 = b.shape
    out = np.zeros((n1 + n2 - 1, m1 + m2 - 1))
    for i in range(n1):
        for j in range(m1):
            if a[i, j] == 0:
                continue
            for k in range(n2):
                for l in range(m2):
                    out[i + k, j + l] += a[i, j] * b[k, l]
    return out
