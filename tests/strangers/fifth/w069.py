import numpy as np


class Conv2D:
    def __init__(self, weight, bias, stride=1, padding=0):
        self.weight = weight
        self.bias = bias
        self.stride = stride
        self.padding = padding
        self._out = None

    def forward(self, x):
        n, c, h, w = x.shape
        o, _, kh, kw = self.weight.shape
        s, p = self.stride, self.padding
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        shape = (n, o, (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1)
        if self._out is None or self._out.shape != shape:
            self._out = np.empty(shape)
        out = self._out
        for i in range(shape[2]):
            for j in range(shape[3]):
                patch = xp[:, :, i * s:i * s + kh, j * s:j * s + kw]
                out[:, :, i, j] = np.tensordot(patch, self.weight, ([1, 2, 3], [1, 2, 3])) + self.bias
        return out

    __call__ = forward
