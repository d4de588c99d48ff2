import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.x = None
        self.dW = np.zeros(W.shape)
        self.db = np.zeros(b.shape)

    def forward(self, x):
        p, s = self.pad, self.stride
        self.shape = x.shape
        self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.win = sliding_window_view(self.x, self.W.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
        return np.einsum("nchwij,fcij->nfhw", self.win, self.W) + self.b[None, :, None, None]

    def backward(self, dout):
        p, s = self.pad, self.stride
        kh, kw = self.W.shape[2:]
        self.dW += np.einsum("nfhw,nchwij->fcij", dout, self.win)
        self.db = dout.sum(axis=(0, 2, 3))
        dxp = np.zeros_like(self.x)
        oh, ow = dout.shape[2:]
        for i in range(kh):
            for j in range(kw):
                dxp[:, :, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s] += np.einsum(
                    "nfhw,fc->nchw", dout, self.W[:, :, i, j])
        h, w = self.shape[2:]
        return dxp[:, :, p:p + h, p:p + w]
