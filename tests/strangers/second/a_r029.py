import numpy as np


def correlate_odd(img, kernel):
    kh, kw = kernel.shape
    if kh % 2 == 0 or kw % 2 == 0:
        raise ValueError('the kernel needs a centre')
    a, b = kh // 2, kw // 2
    lines = []
    for y in range(a, img.shape[0] - a):
        line = []
        for x in range(b, img.shape[1] - b):
            line.append(sum(kernel[a + u, b + v] * img[y + u, x + v]
                            for u in range(-a, a + 1) for v in range(-b, b + 1)))
        lines.append(line)
    return np.array(lines)
