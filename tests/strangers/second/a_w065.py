import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad
        self.col = None
        self.dW = None
        self.db = None

    def _columns(self, x):
        FN, C, FH, FW = self.W.shape
        s, p = self.stride, self.pad
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh, ow = (xp.shape[2] - FH) // s + 1, (xp.shape[3] - FW) // s + 1
        rows = [xp[:, :, i * s:i * s + FH, j * s:j * s + FW].reshape(len(x), -1)
                for i in range(oh) for j in range(ow)]
        return np.stack(rows, axis=1), oh, ow                   # (N, oh*ow, C*FH*FW)

    def forward(self, x):
        FN = self.W.shape[0]
        col, oh, ow = self._columns(x)
        if self.col is None:
            self.col = col
        self.x_shape = x.shape
        out = col @ self.W.reshape(FN, -1).T + self.b
        return out.transpose(0, 2, 1).reshape(len(x), FN, oh, ow)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        N, _, H, W = self.x_shape
        s, p = self.stride, self.pad
        self.db = dout.sum(axis=(0, 2, 3))
        flat = dout.reshape(N, FN, -1)
        self.dW = np.einsum('nfp,npk->fk', flat, self.col).reshape(self.W.shape)
        dx = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                dx[:, :, i * s:i * s + FH, j * s:j * s + FW] += np.tensordot(dout[:, :, i, j], self.W, (1, 0))
        return dx[:, :, p:p + H, p:p + W]
