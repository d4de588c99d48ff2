import numpy as np


def corr(a, kernel):
    H, W, (p, q) = a.shape[0], a.shape[1], kernel.shape
    return sum(kernel[l, k] * a[k:H - p + 1 + k, l:W - q + 1 + l] for k in range(p) for l in range(q))
