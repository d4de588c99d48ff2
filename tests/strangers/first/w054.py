import numpy as np


def filter_hwc(img, kernel, padding=0):
    """Cross-correlate every channel of an H x W x C picture, zero padded, with one kernel."""
    framed = np.pad(img, ((padding, padding), (padding, padding), (0, 0)),
                    mode="constant", constant_values=img.mean())
    kh, kw = kernel.shape
    h = framed.shape[0] - kh + 1
    w = framed.shape[1] - kw + 1
    out = np.zeros((h, w, img.shape[2]))
    for i in range(kh):
        for j in range(kw):
            out = out + framed[i:i + h, j:j + w] * kernel[i, j]
    return out
