import numpy as np


def filter_image(img, kernel):
    """Correlate img with kernel (odd sides).

    Pixels outside the image take the value of the nearest edge pixel.
    """
    h, w = img.shape
    kh, kw = kernel.shape
    out = np.zeros((h, w))
    for y in range(h):
        for x in range(w):
            s = 0.0
            for i in range(kh):
                for j in range(kw):
                    yy = min(max(y + i - kh // 2, 0), h - 1)
                    xx = min(max(x + j - kw // 2, 0), w - 1)
                    s += kernel[i, j] * img[yy, xx]
            out[y, x] = s
    return out
