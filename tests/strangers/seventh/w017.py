import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.x = None
        self.dW = None
        self.db = None

    def _windows(self, xp):
        fh, fw = self.W.shape[2:]
        v = np.lib.stride_tricks.sliding_window_view(xp, (fh, fw), axis=(2, 3))
        return v[:, :, ::self.stride, ::self.stride]

    def forward(self, x):
        self.x = x
        p = self.pad
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.tensordot(self._windows(self.xp), self.W, axes=((1, 4, 5), (1, 2, 3)))
        return out.transpose(0, 3, 1, 2) + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        p, s = self.pad, self.stride
        self.db = dout.sum(axis=(0, 3)).mean(axis=1)
        self.dW = np.tensordot(dout, self._windows(self.xp), axes=((0, 2, 3), (0, 2, 3)))
        dxp = np.zeros_like(self.xp)
        fh, fw = self.W.shape[2:]
        oh, ow = dout.shape[2:]
        for i in range(fh):
            for j in range(fw):
                dxp[:, :, i:i + s * oh:s, j:j + s * ow:s] += np.einsum(
                    "nfhw,fc->nchw", dout, self.W[:, :, i, j])
        return dxp[:, :, p:p + self.x.shape[2], p:p + self.x.shape[3]]
