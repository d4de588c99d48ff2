import numpy as np


def mask_image(image, kernel):
    ry, rx = kernel.shape[0] // 2, kernel.shape[1] // 2
    height = image.shape[0] - 2 * ry
    width = image.shape[1] - 2 * rx
    out = np.zeros((height, width))
    for (u, v), K in np.ndenumerate(kernel):
        out += K * image[u:u + height, v:v + width]
    return out
