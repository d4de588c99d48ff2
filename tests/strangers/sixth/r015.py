import numpy as np


class Conv2D:
    """forward(x) -> out, backward(dout) -> dx; dW and db are kept."""

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        F, C, kh, kw = self.W.shape
        self.shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh = (self.xp.shape[2] - kh) // s + 1
        ow = (self.xp.shape[3] - kw) // s + 1
        out = np.zeros((x.shape[0], F, oh, ow))
        for i in range(oh):
            for j in range(ow):
                win = self.xp[:, None, :, i * s:i * s + kh, j * s:j * s + kw]
                out[:, :, i, j] = (win * self.W).sum(axis=(2, 3, 4)) + self.b
        return out

    def backward(self, dout):
        p, s = self.pad, self.stride
        F, C, kh, kw = self.W.shape
        dxp = np.zeros_like(self.xp)
        self.dW = np.zeros_like(self.W)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                d = dout[:, :, i, j]
                win = self.xp[:, :, i * s:i * s + kh, j * s:j * s + kw]
                self.dW += np.einsum("nf,nckl->fckl", d, win)
                dxp[:, :, i * s:i * s + kh, j * s:j * s + kw] += np.einsum("nf,fckl->nckl", d, self.W)
        self.db = dout.sum(axis=(0, 2, 3))
        H, W = self.shape[2:]
        return dxp[:, :, p:p + H, p:p + W]
