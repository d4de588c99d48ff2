import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def _im2col(self, x):
        FN, C, FH, FW = self.W.shape
        N, C, H, Wd = x.shape
        s, p = self.stride, self.pad
        self.oh, self.ow = (H + 2 * p - FH) // s + 1, (Wd + 2 * p - FW) // s + 1
        img = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
        col = np.zeros((N, C, FH, FW, self.oh, self.ow))
        for y in range(FH):
            for q in range(FW):
                col[:, :, y, q] = img[:, :, y:y + s * self.oh:s, q:q + s * self.ow:s]
        return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * self.oh * self.ow, -1)

    def _col2im(self, col):
        FN, C, FH, FW = self.W.shape
        N, C, H, Wd = self.x.shape
        s, p = self.stride, self.pad
        col = col.reshape(N, self.oh, self.ow, C, FH, FW).transpose(0, 3, 4, 5, 1, 2)
        img = np.zeros((N, C, H + 2 * p, Wd + 2 * p))
        for y in range(FH):
            for q in range(FW):
                img[:, :, y:y + s * self.oh:s, q:q + s * self.ow:s] = col[:, :, y, q]
        return img[:, :, p:H + p, p:Wd + p]

    def forward(self, x):
        FN = self.W.shape[0]
        self.x = x
        self.col = self._im2col(x)
        out = self.col.dot(self.W.reshape(FN, -1).T) + self.b
        return out.reshape(x.shape[0], self.oh, self.ow, FN).transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN = self.W.shape[0]
        d = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = d.mean(axis=0)
        self.dW = (d.T @ self.col).reshape(self.W.shape)
        return self._col2im(d @ self.W.reshape(FN, -1))
