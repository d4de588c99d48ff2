import numpy as np


def get_conv_outsize(input_size, kernel_size, stride, pad):
    return (input_size + pad - kernel_size) // stride + 1


def conv2d_simple(x, W, b=None, stride=1, pad=0):
    N, C, H, Wd = x.shape
    OC, C, KH, KW = W.shape
    OH = get_conv_outsize(H, KH, stride, pad)
    OW = get_conv_outsize(Wd, KW, stride, pad)
    img = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    col = np.zeros((N, C, KH, KW, OH, OW), dtype=x.dtype)
    for j in range(KH):
        for i in range(KW):
            col[:, :, j, i] = img[:, :, j:j + stride * OH:stride, i:i + stride * OW:stride]
    col = col.transpose((0, 4, 5, 1, 2, 3)).reshape(N * OH * OW, -1)
    y = col @ W.reshape(OC, -1).T
    if b is not None:
        y += b
    return y.reshape(N, OH, OW, OC).transpose(0, 3, 1, 2)
