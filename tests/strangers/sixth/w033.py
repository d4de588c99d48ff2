import numpy as np


class ConvLayer:
    """
    forward: cross-correlation without padding, (N, C, H, W) -> (N, F, H', W')
    backward: takes dL/dout, does W <- W - lr * dL/dW, and gives back dL/dx
    """

    def __init__(self, W, lr=0.01):
        self.W = np.array(W, dtype=float)
        self.lr = lr

    def forward(self, x):
        self.x = x
        k, l = self.W.shape[2:]
        h, w = x.shape[2] - k + 1, x.shape[3] - l + 1
        out = 0
        for a in range(k):
            for b in range(l):
                out = out + np.einsum("nchw,fc->nfhw", x[:, :, a:a + h, b:b + w], self.W[:, :, a, b])
        return out

    def backward(self, dout):
        k, l = self.W.shape[2:]
        h, w = dout.shape[2:]
        dW = np.zeros(self.W.shape)
        for a in range(k):
            for b in range(l):
                dW[:, :, a, b] = np.einsum("nfhw,nchw->fc", dout, self.x[:, :, a:a + h, b:b + w])
        self.W -= self.lr * dW
        dx = np.zeros(self.x.shape)
        for a in range(k):
            for b in range(l):
                dx[:, :, a:a + h, b:b + w] += np.einsum("nfhw,fc->nchw", dout, self.W[:, :, a, b])
        return dx
