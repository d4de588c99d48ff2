import numpy as np


class Conv2d:
    def __init__(self, weight, bias, stride=1, padding=0):
        self.weight, self.bias = weight, bias
        self.stride, self.padding = stride, padding

    def _indices(self, h, w):
        f, c, kh, kw = self.weight.shape
        s = self.stride
        oh, ow = (h - kh) // s + 1, (w - kw) // s + 1
        k, i, j = np.indices((c, kh, kw)).reshape(3, -1, 1)
        oi, oj = np.indices((oh, ow)).reshape(2, 1, -1) * s
        return k, i + oi, j + oj, oh, ow

    def forward(self, x):
        p = self.padding
        self.shape = x.shape
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.pshape = xp.shape
        k, i, j, oh, ow = self._indices(*xp.shape[2:])
        self.cols = xp[:, k, i, j]
        out = self.weight.reshape(len(self.weight), -1) @ self.cols + self.bias[:, None]
        return out.reshape(x.shape[0], -1, oh, ow)

    def backward(self, dout):
        n, f = dout.shape[:2]
        dcols = self.weight.reshape(f, -1).T @ dout.reshape(n, f, -1)
        k, i, j, _, _ = self._indices(*self.pshape[2:])
        dxp = np.zeros(self.pshape)
        dxp[:, k, i, j] += dcols
        p = self.padding
        return dxp[:, :, p:p + self.shape[2], p:p + self.shape[3]]
