import numpy as np


class PaddedConv:
    def __init__(self, filters, bias, padding=0):
        self.filters = filters
        self.bias = bias
        self.padding = padding

    def pad(self, x):
        if not self.padding:
            return x
        ph = self.filters.shape[2] // 2
        pw = self.filters.shape[3] // 2
        return np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)))

    def forward(self, x):
        x = self.pad(x)
        F, C, kh, kw = self.filters.shape
        oh, ow = x.shape[2] - kh + 1, x.shape[3] - kw + 1
        out = np.zeros((x.shape[0], F, oh, ow))
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    prod = x[:, :, i:i + kh, j:j + kw] * self.filters[f]
                    out[:, f, i, j] = prod.sum(axis=(1, 2, 3)) + self.bias[f]
        return out
