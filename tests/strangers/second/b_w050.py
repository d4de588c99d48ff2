import numpy as np


def im2col(x, fh, fw, s, p):
    n, c, h, w = x.shape
    oh, ow = (h + 2 * p - fh) // s + 1, (w + 2 * p - fw) // s + 1
    img = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    col = np.zeros((n, c, fh, fw, oh, ow))
    for a in range(fh):
        for b in range(fw):
            col[:, :, a, b] = img[:, :, a:a + s * oh:s, b:b + s * ow:s][:, :, :oh, :ow]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1), oh, ow


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b, self.stride, self.pad = W, b, stride, pad

    def forward(self, x):
        fn, c, fh, fw = self.W.shape
        self.x = x
        self.col, oh, ow = im2col(x, fh, fw, self.stride, self.pad)
        out = self.col @ self.W.reshape(fn, -1).T + self.b
        return out.reshape(x.shape[0], oh, ow, fn).transpose(0, 3, 1, 2)

    def backward(self, dout):
        fn, c, fh, fw = self.W.shape
        n, _, oh, ow = dout.shape
        s, p = self.stride, self.pad
        flat = dout.transpose(0, 2, 3, 1).reshape(-1, fn)
        self.db = flat.sum(axis=0)
        self.dW = np.dot(self.col.T, flat).reshape(fn, c, fh, fw)
        dcol = (flat @ self.W.reshape(fn, -1)).reshape(n, oh, ow, c, fh, fw)
        _, _, h, w = self.x.shape
        dx = np.zeros((n, c, h + 2 * p, w + 2 * p))
        for i in range(oh):
            for j in range(ow):
                dx[:, :, i * s:i * s + fh, j * s:j * s + fw] += dcol[:, i, j]
        return dx[:, :, p:p + h, p:p + w]
