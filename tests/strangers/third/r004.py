import numpy as np


def conv_periodic(field, kernel):
    cy, cx = kernel.shape[0] // 2, kernel.shape[1] // 2
    out = np.zeros_like(field, dtype=float)
    for (i, j), w in np.ndenumerate(kernel):
        if w == 0:
            continue
        out += w * np.roll(field, shift=(i - cy, j - cx), axis=(0, 1))
    return out
