import numpy as np

def mirror(p, n):
    # ... 1 0 | 0 1 2 ... n-1 | n-1 n-2 ...
    if p < 0:
        p = -p - 1
    if p >= n:
        p = 2 * n - 1 - p
    return p

def filter_mirror(img, kernel):
    """Cross-correlation, same size, borders mirrored (edge pixel repeated), odd kernel."""
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            s = 0.0
            for a in range(kh):
                for b in range(kw):
                    s += img[mirror(i + a - kh // 2, H), mirror(j + b - kw // 2, W)] * kernel[a, b]
            out[i, j] = s
    return out
