import numpy as np
from scipy import ndimage


def apply_sobel(img):
    img = np.asarray(img, dtype=np.float64)
    kx = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=np.float64)
    ky = kx.transpose()
    gx = ndimage.correlate(img, kx)
    gy = ndimage.correlate(img, ky)
    # the outermost pixels depend on the padding
    gx = gx[1:-1, 1:-1]
    gy = gy[1:-1, 1:-1]
    edge = np.hypot(gx, gy)
    edge /= edge.max()
    return edge
