import numpy as np
from scipy.signal import fftconvolve


def backprop_input(input_size, Wt, dout, stride=1, padding=0):
    """dL/dinput as a full convolution of dout with the weights."""
    N, C, H, W = input_size
    hp, wp = H + 2 * padding, W + 2 * padding
    grad = np.zeros((N, C, hp, wp))
    for n in range(N):
        for f, filt in enumerate(Wt):
            g = np.asarray(dout[n, f], dtype=float)
            for c in range(C):
                full = fftconvolve(g, filt[c], mode='full')
                grad[n, c, :full.shape[0], :full.shape[1]] += full
    return grad[..., padding:hp - padding, padding:wp - padding]
