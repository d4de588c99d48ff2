import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad
        self.x = None
        self.dW = None
        self.db = None

    def _out(self, x):
        _, _, FH, FW = self.W.shape
        return ((x.shape[2] + 2 * self.pad - FH) // self.stride + 1,
                (x.shape[3] + 2 * self.pad - FW) // self.stride + 1)

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        self.x = x
        oh, ow = self._out(x)
        p, s = self.pad, self.stride
        xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], 'constant')
        out = np.zeros((x.shape[0], FN, oh, ow))
        for u in range(FH):
            for v in range(FW):
                out += np.einsum('ncij,fc->nfij', xp[:, :, u:u + s * (oh - 1) + 1:s, v:v + s * (ow - 1) + 1:s],
                                 self.W[:, :, u, v])
        return out + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        N, _, H, W = self.x.shape
        oh, ow = dout.shape[2:]
        p, s = self.pad, self.stride
        xp = np.pad(self.x, [(0, 0), (0, 0), (p, p), (p, p)], 'constant')
        dxp = np.zeros_like(xp)
        self.dW = np.zeros_like(self.W)
        self.db = dout.sum(axis=(0, 2, 3))
        for u in range(FH):
            for v in range(FW):
                ys, xs = slice(u, u + s * (oh - 1) + 1, s), slice(v, v + s * (ow - 1) + 1, s)
                self.dW[:, :, u, v] = np.einsum('nfij,ncij->fc', dout, xp[:, :, ys, xs])
                dxp[:, :, ys, xs] += np.einsum('nfij,fc->ncij', dout, self.W[:, :, u, v])
        return dxp[:, :, p:p + H, p:p + W]
