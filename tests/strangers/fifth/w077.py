import numpy as np
from scipy import signal


def apply_convolution(img, kernel):
    return signal.correlate2d(img, kernel, mode="valid")


def conv_gradient_wrt_input(dloss_dy, kernel):
    return signal.correlate2d(dloss_dy, kernel, mode="full")


def conv_gradient_wrt_kernel(img, dloss_dy):
    return signal.correlate2d(img, dloss_dy, mode="valid")
