import numpy as np


class Conv2D:
    def __init__(self, w, b, stride, padding):
        self.w, self.b = w, b
        self.stride, self.padding = stride, padding

    def forward(self, x):
        p = self.padding
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        kh, kw = self.w.shape[2:]
        oh = (self.xp.shape[2] - kh) // self.stride + 1
        ow = (self.xp.shape[3] - kw) // self.stride + 1
        y = np.zeros((x.shape[0], self.w.shape[0], oh, ow)) + self.b.reshape(1, -1, 1, 1)
        for i, j in np.ndindex(kh, kw):
            y += np.einsum("nchw,fc->nfhw", self._tap(i, j, oh, ow), self.w[:, :, i, j])
        return y

    def _tap(self, i, j, oh, ow):
        s = self.stride
        return self.xp[:, :, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s]

    def backward(self, grad):
        oh, ow = grad.shape[2:]
        self.grad_w = np.zeros_like(self.w)
        for i, j in np.ndindex(self.w.shape[2:]):
            self.grad_w[:, :, i, j] = np.einsum("nfhw,nchw->fc", grad, self._tap(i, j, oh, ow))
        self.grad_b = grad.sum(axis=(0, 2))
