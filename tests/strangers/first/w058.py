import numpy as np


def my_imfilter(image, filter):
    """Zero padding, the output has the resolution of the image."""
    k, l = filter.shape
    H, W, C = image.shape
    padded = np.zeros((H + k - 1, W + l - 1, C))
    padded[k // 2:k // 2 + H, l // 2:l // 2 + W] = image
    filtered_image = np.zeros_like(padded[:H, :W])
    plane = np.zeros((H, W))
    for c in range(C):
        for i in range(k):
            for j in range(l):
                plane += padded[i:i + H, j:j + W, c] * filter[i, j]
        filtered_image[:, :, c] = plane
    return filtered_image
