import numpy as np
from scipy import ndimage


def apply_sobel(img):
    img = np.asarray(img, dtype=np.float64)
    kx = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=np.float64)
    ky = kx.transpose()
    res_x = ndimage.correlate(img, kx)
    img_y = ndimage.correlate(img, ky)
    G = np.hypot(res_x, img_y)
    G /= G.max()
    return G
