import numpy as np

def convolution_full(f, g):
    """Discrete 2-D convolution (f * g)[i, j] = sum_ab f[i-a, j-b] g[a, b], full size."""
    H, W = f.shape
    h, w = g.shape
    out = np.zeros((H + h - 1, W + w - 1))
    for i in range(H + h - 1):
        for j in range(W + w - 1):
            for a in range(h):
                for b in range(w):
                    if i - a > 0 and i - a < H and j - b >= 0 and j - b < W:
                        out[i, j] += f[i - a, j - b] * g[a, b]
    return out
