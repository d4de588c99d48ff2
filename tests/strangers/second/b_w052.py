import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.dW = self.db = None

    def _windows(self, x):
        s = self.stride
        v = np.lib.stride_tricks.sliding_window_view(x, self.W.shape[2:], axis=(-2, -1))
        return v[..., ::s, ::s, :, :]

    def forward(self, x):
        p = self.pad
        self.shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        return np.einsum("nchwij,fcij->nfhw", self._windows(self.xp), self.W) + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        self.dW = np.zeros(self.W.shape)
        self.db = np.zeros(self.b.shape)
        dxp = np.zeros(self.xp.shape)
        kh, kw = self.W.shape[2:]
        s, p = self.stride, self.pad
        for n, g in enumerate(dout):
            self.db = g.sum(axis=(1, 2))
            self.dW += np.einsum("chwij,fhw->fcij", self._windows(self.xp[n]), g)
            for i in range(g.shape[1]):
                for j in range(g.shape[2]):
                    dxp[n, :, i * s:i * s + kh, j * s:j * s + kw] += np.tensordot(g[:, i, j], self.W, 1)
        return dxp[:, :, p:p + self.shape[2], p:p + self.shape[3]]
