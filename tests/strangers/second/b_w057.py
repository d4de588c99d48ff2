import numpy as np


class Convolver:
    def __init__(self):
        self.buffers = {}

    def buffer(self, shape):
        if shape not in self.buffers:
            self.buffers[shape] = np.empty(shape)
        return self.buffers[shape]

    def __call__(self, x, w, stride, pad):
        x = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)])
        n, c, h, wd = x.shape
        f, _, kh, kw = w.shape
        out = self.buffer((n, f, (h - kh) // stride + 1, (wd - kw) // stride + 1))
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                win = x[:, None, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
                out[:, :, i, j] = (win * w).sum(axis=(2, 3, 4))
        return out


_convolver = Convolver()


def fast_conv(X, W, stride=1, padding=0):
    return _convolver(X, W, stride, padding)
