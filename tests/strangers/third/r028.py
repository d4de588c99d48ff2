import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    kh, kw = kernel.shape
    padded = np.pad(dloss_dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    w = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw))
    return (w * np.flip(kernel)).sum((2, 3))
