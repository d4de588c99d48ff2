import numpy as np

def filter2d(image, kernel):
    """same-size filtering (cross-correlation), pixels outside count as 0, odd kernel"""
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            for a in range(kh):
                for b in range(kw):
                    y = i + a - kh // 2
                    x = j + b - kw // 2
                    if 0 < y < H and 0 < x < W:
                        out[i][j] += image[y][x] * kernel[a][b]
    return out
