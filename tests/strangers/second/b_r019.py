import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        fn, c, fh, fw = self.W.shape
        s, p = self.stride, self.pad
        self.x_shape = x.shape
        xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
        oh, ow = (xp.shape[2] - fh) // s + 1, (xp.shape[3] - fw) // s + 1
        col = np.empty((x.shape[0], oh, ow, c, fh, fw))
        for i in range(oh):
            for j in range(ow):
                col[:, i, j] = xp[:, :, i * s:i * s + fh, j * s:j * s + fw]
        self.col = col.reshape(-1, c * fh * fw)
        out = self.col @ self.W.reshape(fn, -1).T + self.b
        return out.reshape(x.shape[0], oh, ow, fn).transpose(0, 3, 1, 2)

    def backward(self, dout):
        fn, c, fh, fw = self.W.shape
        n, _, h, w = self.x_shape
        s, p = self.stride, self.pad
        oh, ow = dout.shape[2:]
        g = dout.transpose(0, 2, 3, 1).reshape(-1, fn)
        self.db = g.sum(axis=0)
        self.dW = (self.col.T @ g).T.reshape(self.W.shape)
        dcol = (g @ self.W.reshape(fn, -1)).reshape(n, oh, ow, c, fh, fw)
        dx = np.zeros((n, c, h + 2 * p, w + 2 * p))
        for i in range(oh):
            for j in range(ow):
                dx[:, :, i * s:i * s + fh, j * s:j * s + fw] += dcol[:, i, j]
        return dx[:, :, p:p + h, p:p + w]
