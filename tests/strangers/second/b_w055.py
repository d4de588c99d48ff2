import numpy as np


class Convolution:
    cols = None

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        kh, kw = self.W.shape[2:]
        self.in_shape = x.shape
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        win = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))
        Convolution.cols = win[:, :, ::s, ::s]
        return np.einsum("ncyxij,fcij->nfyx", Convolution.cols, self.W) + self.b[:, None, None]

    def backward(self, dout):
        p, s = self.pad, self.stride
        n, c, h, w = self.in_shape
        self.db = dout.sum(axis=(0, 2, 3))
        self.dW = np.einsum("ncyxij,nfyx->fcij", Convolution.cols, dout)
        dxp = np.zeros((n, c, h + 2 * p, w + 2 * p))
        oh, ow = dout.shape[2:]
        for i in range(self.W.shape[2]):
            for j in range(self.W.shape[3]):
                dxp[:, :, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s] += np.einsum(
                    "nfyx,fc->ncyx", dout, self.W[:, :, i, j])
        return dxp[:, :, p:p + h, p:p + w]
