import numpy as np
from numba import njit


@njit
def convolve_into(img, kernel, out):
    """Write the valid cross-correlation of img and kernel into out."""
    kh, kw = kernel.shape
    oh, ow = out.shape
    for ki in range(kh):
        for kj in range(kw):
            wgt = kernel[ki, kj]
            for i in range(oh):
                for j in range(ow):
                    out[i, j] += wgt * img[i + ki, j + kj]
