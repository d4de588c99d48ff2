import numpy as np


class ConvolutionLayer:
    def __init__(self, weight, bias, stride=1, padding=0):
        self.weight = np.array(weight)
        self.bias = np.array(bias)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        w = self.weight.swapaxes(2, 3)
        F, C, kh, kw = w.shape
        s, p = self.stride, self.padding
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh = (x.shape[2] - kh) // s + 1
        ow = (x.shape[3] - kw) // s + 1
        out = np.zeros((x.shape[0], F, oh, ow))
        for n in range(x.shape[0]):
            for f in range(F):
                for i in range(oh):
                    for j in range(ow):
                        out[n, f, i, j] = (x[n, :, i * s:i * s + kh, j * s:j * s + kw] * w[f]).sum()
        return out
