import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad
        self.col = None
        self.dW = None

    def _im2col(self, x):
        p, s = self.pad, self.stride
        kh, kw = self.W.shape[2:]
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        v = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
        n, c, oh, ow = v.shape[:4]
        return v.transpose(0, 2, 3, 1, 4, 5).reshape(n * oh * ow, -1), oh, ow

    def forward(self, x):
        self.col, oh, ow = self._im2col(x)
        F = self.W.shape[0]
        out = self.col @ self.W.reshape(F, -1).T + self.b
        return out.reshape(x.shape[0], oh, ow, F).transpose(0, 3, 1, 2)

    def backward(self, dout):
        F = self.W.shape[0]
        d = dout.reshape(-1, F)
        self.db = d.sum(axis=0)
        self.dW = (self.col.T @ d).T.reshape(self.W.shape)
