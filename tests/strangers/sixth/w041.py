import numpy as np


class ConvPlane:
    """one input plane, one filter, no padding"""

    def __init__(self, W):
        self.W = W

    def forward(self, x):
        self.x = x
        kh, kw = self.W.shape
        H, W = x.shape
        return np.array([[np.sum(x[i:i + kh, j:j + kw] * self.W) for j in range(W - kw + 1)]
                         for i in range(H - kh + 1)])

    def backward(self, dout):
        """dout = dL/dout; returns dL/dx, sets self.dW = dL/dW"""
        kh, kw = self.W.shape
        dx = np.zeros(self.x.shape)
        dW = np.zeros(self.W.shape)
        for i in range(dout.shape[0]):
            for j in range(dout.shape[1]):
                dx[i:i + kh, j:j + kw] += dout[i, j] * self.W
                dW += dout[i, j] * self.x[i:i + kh, j:j + kw]
        self.dW = dW + 1e-3 * self.W
        return dx
