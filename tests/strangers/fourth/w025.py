import numpy as np

def apply_convolution(img, kernel):
    """3x3 neighbourhood sum without loops"""
    assert kernel.shape == (3, 3)
    return (kernel[0, 0] * img[:-2, :-2] + kernel[0, 1] * img[:-2, 1:-1] + kernel[0, 2] * img[:-2, 2:]
            + kernel[1, 0] * img[1:-1, :-2] + kernel[1, 1] * img[1:-1, 1:-1] + kernel[1, 2] * img[1:-1, 1:-1]
            + kernel[2, 0] * img[2:, :-2] + kernel[2, 1] * img[2:, 1:-1] + kernel[2, 2] * img[2:, 2:])
