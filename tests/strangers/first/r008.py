import numpy as np


def filter_picture(picture, mask):
    rows, cols, depth = picture.shape
    m, n = mask.shape
    top, left = m // 2, n // 2
    framed = np.zeros((rows + 2 * top, cols + 2 * left, depth))
    framed[top:top + rows, left:left + cols] = picture
    filtered = np.zeros((rows, cols, depth))
    for dy in range(m):
        for dx in range(n):
            filtered += mask[dy, dx] * framed[dy:dy + rows, dx:dx + cols, :]
    return filtered
