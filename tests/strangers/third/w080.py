import numpy as np


class Conv:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad

    def forward(self, x):
        F, C, HH, WW = self.W.shape
        p, s = self.pad, self.stride
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.x_shape = x.shape
        oh = (self.xp.shape[2] - HH) // s + 1
        ow = (self.xp.shape[3] - WW) // s + 1
        out = np.zeros((x.shape[0], F, oh, ow))
        for i in range(oh):
            for j in range(ow):
                win = self.xp[:, :, i * s:i * s + HH, j * s:j * s + WW]
                out[:, :, i, j] = np.tensordot(win, self.W, axes=([1, 2, 3], [1, 2, 3])) + self.b
        return out

    def backward(self, dout):
        F, C, HH, WW = self.W.shape
        s, p = self.stride, self.pad
        dxp = np.zeros_like(self.xp)
        self.dW = np.zeros_like(self.W)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                win = self.xp[:, :, i * s:i * s + HH, j * s:j * s + WW]
                self.dW += np.tensordot(dout[:, :, i, j], win, axes=(0, 0))
                dxp[:, :, i * s:i * s + HH, j * s:j * s + WW] += np.tensordot(dout[:, :, i, j], self.W, axes=(1, 0))
        self.db = np.sum(np.sum(dout, axis=0), axis=1)
        return dxp[:, :, p:p + self.x_shape[2], p:p + self.x_shape[3]]
