import numpy as np


def conv2d(img, kernel):
    img_h, img_w = img.shape
    k_h, k_w = kernel.shape
    out_h = img_h - k_h + 1
    out_w = img_w - k_w + 1
    out = np.zeros((out_h, out_w))
    for r in range(out_h):
        total = 0.0
        for c in range(out_w):
            for a in range(k_h):
                for b in range(k_w):
                    total += img[r + a][c + b] * kernel[a][b]
            out[r][c] = total
    return out
