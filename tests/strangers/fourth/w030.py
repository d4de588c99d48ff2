import numpy as np
from scipy.signal import fftconvolve

def conv_gradient_wrt_input(dloss_dy, kernel):
    """Gradient with respect to img."""
    flipped = np.rot90(kernel, 2)
    return fftconvolve(dloss_dy, flipped, mode="full")
