import numpy as np


def conv_input_grad(dout, w, x_shape, stride=1):
    """dL/dx of an unpadded convolution layer; dout (N, F, OH, OW), w (F, C, kh, kw)"""
    N, C, H, W = x_shape
    F, _, kh, kw = w.shape
    OH, OW = dout.shape[2:]
    c, a, b, oi, oj = np.meshgrid(np.arange(C), np.arange(kh), np.arange(kw),
                                  np.arange(OH), np.arange(OW), indexing="ij")
    c = c.reshape(C * kh * kw, -1)
    i = (a + stride * oi).reshape(C * kh * kw, -1)
    j = (b + stride * oj).reshape(C * kh * kw, -1)
    cols = w.reshape(F, -1).T @ dout.reshape(N, F, -1)
    dx = np.zeros(x_shape)
    dx[:, c, i, j] += cols
    return dx
