import numpy as np

def convolve_replicate(img, kernel):
    kh, kw = kernel.shape
    assert kh % 2 == 1 and kw % 2 == 1, "kernel must be odd"
    h, w = img.shape
    out = np.zeros((h, w), dtype=np.float64)
    for y in range(h):
        for x in range(w):
            s = 0.0
            for j in range(kh):
                for i in range(kw):
                    yy = min(max(y - j + kh // 2, 0), h - 1)
                    xx = min(max(x - i + kw // 2, 0), w - 1)
                    s += img[yy, xx] * kernel[j, i]
            out[y, x] = s
    return out
