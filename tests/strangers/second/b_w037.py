import numpy as np


def conv2d(image, kernels):
    """CHW picture, OCHW kernels -> (OHW map, cache)."""
    C, H, W = image.shape
    O, _, kh, kw = kernels.shape
    out = np.zeros((O, H - kh + 1, W - kw + 1), dtype=image.dtype)
    for o in range(O):
        for c in range(C):
            for i in range(kh):
                for j in range(kw):
                    out[o] += image[c, i:i + H - kh + 1, j:j + W - kw + 1] * kernels[o, c, i, j]
    cache = (image, kernels)
    return out, cache
