import math
import numpy as np


class Convolution:
    # W (FN, C, FH, FW), b (FN,)

    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def _starts(self, size, k):
        count = math.ceil((size - k) / self.stride) + 1
        return [min(t * self.stride, size - k) for t in range(count)]

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        p = self.pad
        x = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
        tops = self._starts(x.shape[2], FH)
        lefts = self._starts(x.shape[3], FW)
        out = np.zeros((x.shape[0], FN, len(tops), len(lefts)))
        for i, t in enumerate(tops):
            for j, l in enumerate(lefts):
                win = x[:, :, t:t + FH, l:l + FW]
                out[:, :, i, j] = np.tensordot(win, self.W, axes=([1, 2, 3], [1, 2, 3])) + self.b
        return out
