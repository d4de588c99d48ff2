import numpy as np


def im2col(img, fh, fw, s, p):
    img = np.pad(img, [(0, 0), (0, 0), (p, p), (p, p)])
    n, c, h, w = img.shape
    oh, ow = (h - fh) // s + 1, (w - fw) // s + 1
    col = np.zeros((n, c, fh, fw, oh, ow))
    for y in range(fh):
        for x in range(fw):
            col[:, :, y, x] = img[:, :, y:y + s * (oh - 1) + 1:s, x:x + s * (ow - 1) + 1:s]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1), oh, ow


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        self.x_shape = x.shape
        self.col, self.oh, self.ow = im2col(x, FH, FW, self.stride, self.pad)
        self.col_W = self.W.reshape(FN, -1).T
        out = self.col @ self.col_W + self.b
        return out.reshape(len(x), self.oh, self.ow, FN).transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        N, _, H, W = self.x_shape
        s, p = self.stride, self.pad
        flat = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = flat.sum(axis=0)
        self.dW = (self.col.T @ flat).transpose(1, 0).reshape(FN, C, FH, FW)
        dcol = (flat @ self.col_W.T).reshape(N, self.oh, self.ow, C, FH, FW)
        dx = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for i in range(self.oh):
            for j in range(self.ow):
                dx[:, :, i * s:i * s + FH, j * s:j * s + FW] += dcol[:, i, j]
        return dx[:, :, p:p + H, p:p + W]
