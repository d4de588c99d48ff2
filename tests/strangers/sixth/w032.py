import numpy as np


class Conv2D:
    """
    Convolution layer.

    forward(x): x of shape (N, C, H, W) gives an output of shape (N, F, H', W') with
        H' = (H + 2 * pad - kh) // stride + 1 and likewise for the width.
    backward(dout): takes dL/dout and returns dL/dx; dL/dW and dL/db are kept in dW and db.
    """

    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad

    def forward(self, x):
        p, s = self.pad, self.stride
        self.x_shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        N, C, H, Wd = self.xp.shape
        F, _, kh, kw = self.W.shape
        oh, ow = (H - kh) // s + 1, (Wd - kw) // s + 1
        out = np.zeros((N, F, oh, ow))
        for i in range(oh):
            for j in range(ow):
                win = self.xp[:, :, i * s:i * s + kh, j * s:j * s + kw]
                out[:, :, i, j] = np.tensordot(win, self.W, axes=([1, 2, 3], [1, 2, 3])) + self.b
        return out

    def backward(self, dout):
        s = self.stride
        F, _, kh, kw = self.W.shape
        N, C, H, W = self.x_shape
        dxp = np.zeros_like(self.xp)
        self.dW = np.zeros_like(self.W)
        self.db = dout.sum(axis=(0, 2, 3))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                sl = np.s_[:, :, i * s:i * s + kh, j * s:j * s + kw]
                self.dW += np.tensordot(dout[:, :, i, j], self.xp[sl], axes=(0, 0))
                dxp[sl] += np.tensordot(dout[:, :, i, j], self.W, axes=(1, 0))
        return dxp[:, :, :H, :W]
