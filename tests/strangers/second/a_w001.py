import numpy as np


def convolve(img, kernel):
    """Slide the kernel over a grey picture, keep only the full windows."""
    rows, cols = img.shape
    k_rows, k_cols = kernel.shape
    n_rows = rows - k_rows + 1
    n_cols = cols - k_cols + 1
    result = np.zeros((n_rows, n_cols))
    for r in range(1, n_rows):
        for c in range(1, n_cols + 1):
            acc = 0.0
            for u in range(k_rows):
                for v in range(k_cols):
                    acc += kernel[u, v] * img[r - 1 + u, c - 1 + v]
            result[r, c - 1] = acc
    return result
