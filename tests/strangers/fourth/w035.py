import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    """strided conv through a window view"""
    pad_spec = [(0, 0)] * 2 + [(padding, padding)] * 2
    x = np.pad(input, pad_spec)
    v = np.lib.stride_tricks.sliding_window_view(x, weight.shape[-2:], axis=(-2, -1))
    v = v[:, :, ::stride]
    return np.tensordot(v, weight, axes=([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
