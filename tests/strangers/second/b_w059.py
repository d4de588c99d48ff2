import numpy as np


class Convolution:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def output_size(self, n, k):
        return (n + self.pad - k) // self.stride + 1

    def forward(self, x):
        N, C, H, W = x.shape
        FN, C, FH, FW = self.W.shape
        OH, OW = self.output_size(H, FH), self.output_size(W, FW)
        p, s = self.pad, self.stride
        x = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], "constant")
        out = np.empty((N, FN, OH, OW))
        for n in range(N):
            for f in range(FN):
                for i in range(OH):
                    for j in range(OW):
                        window = x[n, :, i * s:i * s + FH, j * s:j * s + FW]
                        out[n, f, i, j] = np.sum(window * self.W[f]) + self.b[f]
        return out
