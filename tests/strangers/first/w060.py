import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W, self.b = W, b
        self.stride, self.pad = stride, pad
        self.x_pad = None
        self.dW = self.db = None

    def forward(self, x):
        p, s = self.pad, self.stride
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        if self.x_pad is None:
            self.x_pad = xp
        self.in_shape = x.shape
        _, _, fh, fw = self.W.shape
        win = np.lib.stride_tricks.sliding_window_view(xp, (fh, fw), axis=(2, 3))[:, :, ::s, ::s]
        return np.einsum("nchwij,fcij->nfhw", win, self.W) + self.b.reshape(1, -1, 1, 1)

    def backward(self, dout):
        p, s = self.pad, self.stride
        N, C, H, W = self.in_shape
        fh, fw = self.W.shape[2:]
        oh, ow = dout.shape[2:]
        self.db = dout.sum(axis=(0, 2, 3))
        self.dW = np.zeros_like(self.W)
        dxp = np.zeros((N, C, H + 2 * p, W + 2 * p))
        for i in range(fh):
            for j in range(fw):
                at = np.s_[:, :, i:i + s * oh:s, j:j + s * ow:s]
                self.dW[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, self.x_pad[at])
                dxp[at] += np.einsum("nfhw,fc->nchw", dout, self.W[:, :, i, j])
        return dxp[:, :, p:p + H, p:p + W]
