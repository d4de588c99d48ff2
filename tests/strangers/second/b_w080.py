import numpy as np


def conv_gradient_wrt_input(dloss_dy, kernel):
    kh, kw = kernel.shape
    padded = np.pad(dloss_dy, ((kw - 1, kw - 1), (kh - 1, kh - 1)))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw))
    return np.einsum("ijmn,mn->ij", blocks, np.flip(kernel))
