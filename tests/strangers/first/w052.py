import numpy as np


def convolve_rgb(image, kernels, stride=1):
    """image: H x W x C, kernels: kh x kw x C x n -> feature maps h x w x n"""
    kh, kw, depth, n = kernels.shape
    h = (image.shape[0] - kh) // stride + 1
    w = (image.shape[1] - kw) // stride + 1
    maps = np.zeros((h, w, n))
    for row in range(h):
        for col in range(w):
            r, c = row * stride, col * stride
            patch = image[r:r + kh, c:c + kw, 0]
            for k in range(n):
                maps[row, col, k] = np.sum(patch * kernels[:, :, 0, k])
    return maps
