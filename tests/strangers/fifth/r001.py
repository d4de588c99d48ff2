import numpy as np


def my_conv(image, kernel):
    """Mathematical convolution, only where the kernel fits completely."""
    H, W = image.shape
    kh, kw = kernel.shape
    result = np.zeros((H - kh + 1, W - kw + 1))
    for y in range(H - kh + 1):
        for x in range(W - kw + 1):
            s = 0.0
            for u in range(kh):
                for v in range(kw):
                    s += float(image[y + u, x + v]) * kernel[-1 - u, -1 - v]
            result[y, x] = s
    return result
