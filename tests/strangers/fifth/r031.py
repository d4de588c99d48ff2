import numpy as np


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    out = np.empty((img.shape[0] - kh + 1, img.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i + kh, j:j + kw] * kernel).sum()
    return out


def conv_gradient_wrt_input(dloss_dy, kernel):
    kh, kw = kernel.shape
    padded = np.pad(dloss_dy, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return apply_convolution(padded, np.rot90(kernel, 2))
