import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad
        self.dW = np.zeros(W.shape)
        self.db = np.zeros(b.shape)

    def _taps(self, oh, ow):
        s = self.stride
        for i in range(self.W.shape[2]):
            for j in range(self.W.shape[3]):
                yield i, j, np.s_[:, :, i:i + s * oh:s, j:j + s * ow:s]

    def forward(self, x):
        p = self.pad
        self.x = x
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh = (self.xp.shape[2] - self.W.shape[2]) // self.stride + 1
        ow = (self.xp.shape[3] - self.W.shape[3]) // self.stride + 1
        out = np.zeros((x.shape[0], oh, ow, self.W.shape[0])) + self.b
        for i, j, at in self._taps(oh, ow):
            out += self.xp[at].transpose(0, 2, 3, 1) @ self.W[:, :, i, j].T
        return out.transpose(0, 3, 1, 2)

    def backward(self, dout):
        dxp = np.zeros(self.xp.shape)
        self.db += dout.sum((0, 2, 3))
        for i, j, at in self._taps(*dout.shape[2:]):
            self.dW[:, :, i, j] += np.tensordot(dout, self.xp[at], ((0, 2, 3), (0, 2, 3)))
            dxp[at] += np.tensordot(dout, self.W[:, :, i, j], (1, 0)).transpose(0, 3, 1, 2)
        p = self.pad
        return dxp[:, :, p:p + self.x.shape[2], p:p + self.x.shape[3]]
