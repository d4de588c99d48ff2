import numpy as np
import numba

@numba.jit(nopython=True)
def smooth_nb(a, k):
    ny, nx = a.shape
    ry, rx = k.shape[0] // 2, k.shape[1] // 2
    res = np.zeros((ny, nx))
    for y in range(ny):
        for x in range(nx):
            for dy in range(-ry, ry + 1):
                for dx in range(-rx, rx + 1):
                    if 0 <= y + dy < ny and 0 <= x + dx < nx:
                        res[y, x] += a[y + dy, x + dx] * k[ry + dy, rx + dx]
    return res
