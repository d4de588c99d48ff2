import numpy as np


def convolve(f, g):
    """(f * g)[i, j] = sum_{u, v} f[i - u, j - v] g[u, v], g centred at the origin."""
    rows, cols = f.shape
    a, b = g.shape[0] // 2, g.shape[1] // 2
    res = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            for u in range(-a, a + 1):
                for v in range(-b, b + 1):
                    r, c = i - u, j - v
                    if 0 < r < rows and 0 < c < cols:
                        res[i, j] += f[r, c] * g[u + a, v + b]
    return res
