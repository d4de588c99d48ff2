import numpy as np


def get_conv_outsize(input_size, kernel_size, stride, pad):
    return (input_size + pad * 2 - kernel_size) // stride + 1


def im2col_array(img, kernel_size, stride, pad):
    N, C, H, W = img.shape
    KH, KW = kernel_size
    OH = get_conv_outsize(H, KH, stride, pad)
    OW = get_conv_outsize(W, KW, stride, pad)
    img = np.pad(img, ((0, 0), (0, 0), (pad, pad + stride - 1), (pad, pad + stride - 1)))
    col = np.zeros((N, C, KH, KW, OH, OW), dtype=img.dtype)
    for j in range(KH):
        for i in range(KW):
            col[:, :, j, i] = img[:, :, j:j + stride * OH:stride, i:i + stride * OW:stride]
    return col


def conv2d_simple(x, W, b=None, stride=1, pad=0):
    OC, C, KH, KW = W.shape
    col = im2col_array(x, (KH, KW), stride, pad)
    t = np.tensordot(col, W, ((1, 2, 3), (1, 2, 3)))
    if b is not None:
        t = t + b
    return np.rollaxis(t, 3, 2)
