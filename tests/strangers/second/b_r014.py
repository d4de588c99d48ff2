import numpy as np


def multi_filter(image, kernels):
    """image: (C, H, W); kernels: (O, C, kh, kw); returns (O, H-kh+1, W-kw+1)."""
    O, C, kh, kw = kernels.shape
    H, W = image.shape[1:]
    result = np.zeros((O, H - kh + 1, W - kw + 1))
    for y in range(result.shape[1]):
        for x in range(result.shape[2]):
            patch = image[:, y:y + kh, x:x + kw]
            result[:, y, x] = np.tensordot(kernels, patch, axes=3)
    return result
