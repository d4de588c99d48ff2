import numpy as np


def conv_hwc(img, weights, padding=0):
    kh, kw, C, F = weights.shape
    img = np.pad(img, padding)
    oh = img.shape[0] - kh + 1
    ow = img.shape[1] - kw + 1
    out = np.zeros((oh, ow, F))
    for u in range(kh):
        for v in range(kw):
            out += np.einsum("hwc,cf->hwf", img[u:u + oh, v:v + ow, :C], weights[u, v])
    return out
