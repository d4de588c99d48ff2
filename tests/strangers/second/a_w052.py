import numpy as np


def filter_image(img, kernel):
    if img.max() > 1:
        img /= 255.0
    h, w = img.shape
    n, m = kernel.shape
    filtered = [[0.0] * (w - m + 1) for _ in range(h - n + 1)]
    for i in range(h - n + 1):
        for j in range(w - m + 1):
            for a in range(n):
                for b in range(m):
                    filtered[i][j] += float(img[i + a, j + b] * kernel[a, b])
    return np.array(filtered)
