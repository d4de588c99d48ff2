import numpy as np
from scipy.signal import fftconvolve


def conv_gradient_wrt_kernel(img, dloss_dy):
    """d loss / d kernel of y = valid cross-correlation(img, kernel)."""
    turned = img[::-1, ::-1]
    grad = fftconvolve(turned, dloss_dy, mode="valid")
    return grad


def conv_gradient_wrt_input(dloss_dy, kernel):
    return fftconvolve(dloss_dy, kernel, mode="full")
