import numpy as np


def spatial_filter(img, mask):
    """Linear spatial filtering, the border is mirrored."""
    a, b = mask.shape[0] // 2, mask.shape[1] // 2
    padded = np.pad(img.astype(float), ((a, a), (b, b)), mode="reflect")
    g = np.zeros(img.shape)
    for x in range(img.shape[0]):
        for y in range(img.shape[1]):
            for s in range(2 * a + 1):
                for t in range(2 * b + 1):
                    g[x, y] += mask[s, t] * padded[x + s, y + t]
    return g
