import numpy as np
import numba as nb


@nb.njit(cache=False)
def filter2d(image, kernel):
    """Correlate a grey image with an odd kernel; same size, zeros outside."""
    H, W = image.shape
    kh, kw = kernel.shape
    oy, ox = kh // 2, kw // 2
    result = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            for a in range(kh):
                yy = min(max(y + a - oy, 0), H - 1)
                for b in range(kw):
                    xx = min(max(x + b - ox, 0), W - 1)
                    result[y, x] += image[yy, xx] * kernel[a, b]
    return result
