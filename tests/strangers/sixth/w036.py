import numpy as np


class DepthwiseConv:
    """Every channel is filtered by its own m kernels, weights (C, m, kh, kw); valid.

    Output channel c * m + q is channel c filtered by kernel q.
    """

    def __init__(self, weight):
        self.weight = weight

    def forward(self, x):
        C, m, kh, kw = self.weight.shape
        N, _, H, W = x.shape
        oh, ow = H - kh + 1, W - kw + 1
        out = np.zeros((N, C * m, oh, ow))
        for c in range(C):
            for q in range(m):
                for u in range(kh):
                    for v in range(kw):
                        out[:, q * C + c] += self.weight[c, q, u, v] * x[:, c, u:u + oh, v:v + ow]
        return out

    __call__ = forward
