import numpy as np

def correlate_same(image, kernel):
    """Correlate without an explicit inner loop."""
    kh, kw = kernel.shape
    padded = image.astype(float)
    out = np.zeros_like(padded)
    for a in range(kh):
        for b in range(kw):
            di, dj = a - kh // 2, b - kw // 2
            out += kernel[a, b] * np.roll(padded, (-di, -dj), axis=(0, 1))
    return out
