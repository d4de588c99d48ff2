import numpy as np


def filter3x3(img, k):
    assert k.shape == (3, 3)
    return (
        k[0, 0] * img[:-2, :-2] + k[0, 1] * img[:-2, 1:-1] + k[0, 2] * img[:-2, 2:]
        + k[1, 0] * img[1:-1, :-2] + k[1, 1] * img[1:-1, 1:-1] + k[1, 2] * img[1:-1, 2:]
        + k[2, 0] * img[2:, :-2] + k[2, 1] * img[2:, 1:-1] + k[2, 2] * img[2:, 2:]
    )


SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=float)
SOBEL_Y = SOBEL_X.T


def gradient_magnitude(img):
    return np.hypot(filter3x3(img, SOBEL_X), filter3x3(img, SOBEL_Y))
