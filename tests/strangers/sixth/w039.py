import numpy as np


class ConvSame:
    """padding="SAME" as TensorFlow does it: ceil(H / s) rows, an odd zero goes to the bottom / right."""

    def __init__(self, weight, stride=1):
        self.weight = weight
        self.stride = stride

    def _pads(self, size, k):
        n = -(-size // self.stride)
        total = max((n - 1) * self.stride + k - size, 0)
        return total - total // 2, total // 2

    def forward(self, x):
        F, C, kh, kw = self.weight.shape
        s = self.stride
        x = np.pad(x, ((0, 0), (0, 0), self._pads(x.shape[2], kh), self._pads(x.shape[3], kw)))
        oh = (x.shape[2] - kh) // s + 1
        ow = (x.shape[3] - kw) // s + 1
        y = np.zeros((x.shape[0], F, oh, ow))
        for i in range(oh):
            for j in range(ow):
                patch = x[:, None, :, i * s:i * s + kh, j * s:j * s + kw]
                y[:, :, i, j] = (patch * self.weight[None]).sum(axis=(2, 3, 4))
        return y
