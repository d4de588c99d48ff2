import numpy as np


def grad_wrt_images(input_size, filters, grad_output, stride=1, padding=0):
    n, c, h, w = input_size
    o, _, kh, kw = filters.shape
    oh, ow = grad_output.shape[2:]
    # room for kh - 1 zeros on either side of the spread gradient
    spread = np.zeros((n, o, h + 2 * padding + kh - 1, w + 2 * padding + kw - 1))
    spread[:, :, kh - 1:kh + (oh - 1) * stride:stride, kw - 1:kw + (ow - 1) * stride:stride] = grad_output
    win = np.lib.stride_tricks.sliding_window_view(spread, (kh, kw), axis=(2, 3))
    full = np.einsum('noyxkl,ockl->ncyx', win, filters)
    return full[:, :, padding:padding + h, padding:padding + w]
