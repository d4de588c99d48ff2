import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    x = np.pad(input, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    kh, kw = weight_size[-2:]
    oh, ow = grad_output.shape[-2:]
    views = sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    views = views[:, :, :oh, :ow]
    per_image = np.einsum("nchwij,nohw->nocij", views, grad_output)
    return per_image.mean(axis=0)
