import numpy as np


class Convolution(object):
    def __init__(self, W, b, stride=1, pad=0):
        self.params = (W, b)
        self.stride, self.pad = stride, pad

    def forward(self, x):
        W, b = self.params
        s, p = self.stride, self.pad
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        fn, _, fh, fw = W.shape
        oh = (xp.shape[2] - fh) // s + 1
        ow = (xp.shape[3] - fw) // s + 1
        out = np.zeros((x.shape[0], fn, oh, ow))
        kernels = W.reshape(fn, -1).T
        for i in range(0, oh, s):
            for j in range(0, ow, s):
                y0, x0 = i * s, j * s
                cell = xp[:, :, y0:y0 + fh, x0:x0 + fw].reshape(x.shape[0], -1)
                out[:, :, i // s, j // s] = cell @ kernels + b
        return out
