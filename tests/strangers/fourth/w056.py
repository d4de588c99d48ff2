import numpy as np


class Conv:
    def __init__(self, stride=1, padding=0):
        self.stride = stride
        self.padding = padding

    @staticmethod
    def _corr(a, b):
        K, L = b.shape[:2]
        v = np.lib.stride_tricks.sliding_window_view(a, (K, L), axis=(1, 2))
        return np.einsum("nhwikl,klio->nhwo", v, b)

    def compute(self, A, B):
        p = self.padding
        A = np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))
        return self._corr(A, B)[:, ::self.stride, ::self.stride]

    def gradient(self, out_grad, node):
        A, B = node.inputs
        K = B.shape[0]
        p = self.padding
        n, h, w, c = out_grad.shape
        grad = np.zeros((n, (h - 1) * self.stride + 1, (w - 1) * self.stride + 1, c))
        grad[:, ::self.stride, ::self.stride] = out_grad

        W_flip = B[::-1].transpose(0, 1, 3, 2)
        padded = np.pad(grad, ((0, 0), (K - 1, K - 1), (K - 1, K - 1), (0, 0)))
        dA = self._corr(padded, W_flip)
        dA = dA[:, p:p + A.shape[1], p:p + A.shape[2]]

        A_pad = np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))
        dB = self._corr(A_pad.transpose(3, 1, 2, 0), grad.transpose(1, 2, 0, 3))
        return dA, dB.transpose(1, 2, 0, 3)
