import numpy as np


def col2im(col, shape, kh, kw, stride, pad):
    N, C, H, W = shape
    oh = (H + 2 * pad - kh) // stride + 1
    ow = (W + 2 * pad - kw) // stride + 1
    col = col.reshape(N, oh, ow, C, kh, kw).transpose(0, 3, 4, 5, 1, 2)
    img = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    for y in range(kh):
        for x in range(kw):
            img[:, :, y:y + stride * (oh - 1) + 1:stride, x:x + stride * (ow - 1) + 1:stride] += col[:, :, y, x]
    return img


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        self.x = x
        p, s = self.pad, self.stride
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        win = np.lib.stride_tricks.sliding_window_view(xp, self.W.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
        return np.einsum("nchwij,fcij->nfhw", win, self.W) + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        F, C, kh, kw = self.W.shape
        N, _, H, W = self.x.shape
        d = dout.transpose(0, 2, 3, 1).reshape(-1, F)
        dcol = d @ self.W.reshape(F, -1)
        img = col2im(dcol, self.x.shape, kh, kw, self.stride, self.pad)
        return img
