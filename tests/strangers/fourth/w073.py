import numpy as np

def filter_rgb(img, kernel):
    """H x W x 3 picture, odd kernel, same size, zeros outside."""
    kh, kw = kernel.shape
    top, side = (kh - 1) // 2, (kw - 1) // 2
    padded = np.pad(img, ((top, top), (side, side), (0, 0)), mode="constant", constant_values=255)
    out = np.zeros(img.shape, dtype=float)
    for i in range(img.shape[0]):
        for j in range(img.shape[1]):
            for ch in range(img.shape[2]):
                out[i, j, ch] = (padded[i:i + kh, j:j + kw, ch] * kernel).sum()
    return out
