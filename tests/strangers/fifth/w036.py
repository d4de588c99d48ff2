import numpy as np


def stencil(grid, kernel):
    """Apply a finite-difference stencil with Dirichlet (zero) boundary."""
    ry, rx = kernel.shape[0] // 2, kernel.shape[1] // 2
    out = np.zeros(grid.shape, dtype=float)
    for dy in range(-ry, ry + 1):
        for dx in range(-rx, rx + 1):
            c = kernel[dy + ry, dx + rx]
            if c == 0:
                continue
            shifted = np.roll(grid, (-dy, -dx), axis=(0, 1))
            out += c * shifted
    return out
