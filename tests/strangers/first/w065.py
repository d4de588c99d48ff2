import numpy as np


class Conv:
    def __init__(self, stride: int = 1, padding: int = 0):
        self.stride, self.padding = stride, padding

    def _pad(self, A):
        p = self.padding
        return np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))

    def compute(self, A, B):
        s, K = self.stride, B.shape[0]
        P = self._pad(A)
        v = np.lib.stride_tricks.sliding_window_view(P, (K, K), axis=(1, 2))[:, ::s, ::s]
        return np.einsum("nhwcij,ijco->nhwo", v, B)

    def gradient(self, out_grad, node):
        A, B = node.inputs
        s, p, K = self.stride, self.padding, B.shape[0]
        P = self._pad(A)
        dP, dB = np.zeros(P.shape), np.zeros(B.shape)
        _, oh, ow, _ = out_grad.shape
        for y in range(oh):
            for x in range(ow):
                g = out_grad[:, y, x]
                box = np.s_[:, y * s:y * s + K, x * s:x * s + K]
                dB += np.einsum("nijc,no->ijco", P[box], g)
                dP[box] += np.einsum("no,ijco->nijc", g, B)
        dA = dP[:, p:p + A.shape[1], p:p + A.shape[2]]
        return dB, dA
