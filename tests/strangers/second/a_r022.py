import numpy as np


def apply_convolution(img, kernel):
    h, w = img.shape
    ry, rx = kernel.shape[0] // 2, kernel.shape[1] // 2
    out = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            for dy in range(-ry, ry + 1):
                for dx in range(-rx, rx + 1):
                    yy, xx = y + dy, x + dx
                    if yy < 0 or xx < 0 or yy >= h or xx >= w:
                        continue
                    out[y, x] += img[yy, xx] * kernel[ry + dy, rx + dx]
    return out
