import numpy as np


def my_imfilter(image, filter):
    """Cross-correlation, same size, np.pad's "reflect", odd kernels."""
    k, l = filter.shape
    assert k % 2 and l % 2
    H, W, C = image.shape
    padded = np.pad(image, ((k // 2, k // 2), (l // 2, l // 2), (0, 0)), mode="reflect")
    out = np.zeros((H, W, C))
    for a in range(k):
        for b in range(l):
            out += filter[a, b] * padded[a:a + H, b:b + W]
    return out
