import numpy as np

def conv2d_nhwc(x, w, b, stride=1, pad=0):
    """x (N, H, W, C), w (kh, kw, C, F)"""
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    kh, kw = w.shape[:2]
    v = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nhwckl,klcf->nhwf", v, w) + b
