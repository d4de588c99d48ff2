import numpy as np


class Conv2d:
    def __init__(self, weight, bias, stride=1, padding=0):
        self.weight = weight
        self.bias = bias
        self.stride = stride
        self.padding = padding
        self.cache = None

    def forward(self, x):
        o, c, kh, kw = self.weight.shape
        s, p = self.stride, self.padding
        n, _, h, w = x.shape
        padded = np.zeros((n, c, h + 2 * p, w + 2 * p))
        padded[:, :, p:p + h, p:p + w] = x
        oh, ow = (h + 2 * p - kh) // s + 1, (w + 2 * p - kw) // s + 1
        y = np.zeros((n, o, oh, ow))
        for b in range(n):
            for f in range(o):
                for i in range(oh):
                    for j in range(ow):
                        y[b, f, i, j] = np.sum(padded[b, :, i * s:i * s + kh, j * s:j * s + kw] * self.weight[f]) + self.bias[f]
        self.cache = (padded, x.shape)
        return y

    def backward(self, dy):
        padded, (n, c, h, w) = self.cache
        o, _, kh, kw = self.weight.shape
        s, p = self.stride, self.padding
        self.dweight = np.zeros_like(self.weight)
        self.dbias = dy.sum((0, 2, 3))
        dpad = np.zeros_like(padded)
        for b in range(n):
            for f in range(o):
                for i in range(dy.shape[2]):
                    for j in range(dy.shape[3]):
                        g = dy[b, f, i, j]
                        self.dweight[f] += g * padded[b, :, i * s:i * s + kh, j * s:j * s + kw]
                        dpad[b, :, i:i + kh, j:j + kw] += g * self.weight[f]
        return dpad[:, :, p:p + h, p:p + w]


def demo():
    layer = Conv2d(np.random.randn(4, 3, 3, 3) * 0.1, np.zeros(4), stride=1, padding=1)
    out = layer.forward(np.random.randn(2, 3, 8, 8))
    grad = layer.backward(np.ones_like(out))
    print(out.shape, grad.shape)
