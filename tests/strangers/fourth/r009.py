import numpy as np

def apply_convolution(img, kernel):
    assert kernel.shape == (3, 3), "only 3x3"
    (a, b, c), (d, e, f), (g, h, i) = kernel
    top, mid, bot = img[:-2], img[1:-1], img[2:]
    return (a * top[:, :-2] + b * top[:, 1:-1] + c * top[:, 2:] +
            d * mid[:, :-2] + e * mid[:, 1:-1] + f * mid[:, 2:] +
            g * bot[:, :-2] + h * bot[:, 1:-1] + i * bot[:, 2:])
