import numpy as np
from scipy.signal import correlate2d, convolve2d


def correlate(a, k):
    return correlate2d(a, k, mode="valid")


class Conv2d:
    """forward(x): (N, C, H, W) -> (N, F, H', W'); backward(dout) -> dx, dW, db"""

    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        F, C, kh, kw = self.w.shape
        N, _, H, W = x.shape
        out = np.zeros((N, F, H - kh + 1, W - kw + 1))
        for n in range(N):
            for f in range(F):
                for c in range(C):
                    out[n, f] += correlate(x[n, c], self.w[f, c]) + self.b[f]
        return out

    def backward(self, dout):
        dx, dw, db = np.zeros_like(self.x), np.zeros_like(self.w), np.zeros_like(self.b)
        for n in range(self.x.shape[0]):
            for f in range(self.w.shape[0]):
                db[f] = dout[n, f].sum()
                for c in range(self.w.shape[1]):
                    dw[f, c] += correlate(self.x[n, c], dout[n, f])
                    dx[n, c] += convolve2d(dout[n, f], self.w[f, c], mode="full")
        return dx, dw, db
