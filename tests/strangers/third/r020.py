import numpy as np


def smooth(image, kernel):
    """Filter the interior; pixels whose window leaves the image keep their value."""
    out = np.array(image, dtype=float)
    r, c = kernel.shape[0] // 2, kernel.shape[1] // 2
    for i in range(r, image.shape[0] - r):
        for j in range(c, image.shape[1] - c):
            out[i, j] = (image[i - r:i + r + 1, j - c:j + c + 1] * kernel).sum()
    return out
