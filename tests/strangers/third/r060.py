import numpy as np


class Conv2DLayer:
    def __init__(self, weight, bias, options):
        self.weight = weight
        self.bias = bias
        self.stride = options.get('stride', 1)
        self.padding = options.get('padding', 0)

    def _windows(self, x):
        p, s = self.padding, self.stride
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        kh, kw = self.weight.shape[2:]
        return np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))[:, :, ::s, ::s]

    def forward(self, x):
        self.x = x
        out = np.einsum('nchwij,fcij->nfhw', self._windows(x), self.weight)
        return out + self.bias[None, :, None, None]

    def backward(self, dout):
        p, s = self.padding, self.stride
        n, c, h, w = self.x.shape
        oh, ow = dout.shape[2:]
        dw = np.einsum('nchwij,nfhw->fcij', self._windows(self.x), dout)
        db = dout.sum(axis=(0, 2, 3))
        dxp = np.zeros((n, c, h + 2 * p, w + 2 * p))
        for i in range(self.weight.shape[2]):
            for j in range(self.weight.shape[3]):
                dxp[:, :, i:i + s * oh:s, j:j + s * ow:s] += np.einsum('nfhw,fc->nchw', dout, self.weight[:, :, i, j])
        return dxp[:, :, p:p + h, p:p + w], dw, db
