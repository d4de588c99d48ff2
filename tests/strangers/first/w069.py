import numpy as np


class ConvLayer:
    """True convolution of NCHW images."""

    def __init__(self, weight, stride=1, padding=0):
        self.weight = weight
        self.stride = stride
        self.padding = padding

    def __call__(self, x):
        w = self.weight
        w[:] = w[:, :, ::-1, ::-1].copy()
        p, s = self.padding, self.stride
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        kh, kw = w.shape[2:]
        rows = range(0, x.shape[2] - kh + 1, s)
        cols = range(0, x.shape[3] - kw + 1, s)
        y = np.empty((x.shape[0], w.shape[0], len(rows), len(cols)))
        for i, r in enumerate(rows):
            for j, c in enumerate(cols):
                y[:, :, i, j] = np.tensordot(x[:, :, r:r + kh, c:c + kw], w, axes=([1, 2, 3], [1, 2, 3]))
        return y
