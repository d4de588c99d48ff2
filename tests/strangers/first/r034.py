import numpy as np


class Conv:
    def __init__(self, stride=1, padding=0):
        self.stride = stride
        self.padding = padding

    def compute(self, A, B):
        s, p = self.stride, self.padding
        K = B.shape[0]
        Ap = np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))
        oh = (Ap.shape[1] - K) // s + 1
        ow = (Ap.shape[2] - K) // s + 1
        out = np.zeros((A.shape[0], oh, ow, B.shape[3]))
        for i in range(K):
            for j in range(K):
                out += Ap[:, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s, :] @ B[i, j]
        return out

    def gradient(self, out_grad, node):
        A, B = node.inputs
        s, p = self.stride, self.padding
        K = B.shape[0]
        oh, ow = out_grad.shape[1:3]
        Ap = np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))
        dA, dB = np.zeros_like(Ap), np.zeros_like(B)
        for i in range(K):
            for j in range(K):
                at = np.s_[:, i:i + s * (oh - 1) + 1:s, j:j + s * (ow - 1) + 1:s, :]
                dA[at] += out_grad @ B[i, j].T
                dB[i, j] = np.tensordot(Ap[at], out_grad, axes=((0, 1, 2), (0, 1, 2)))
        return dA[:, p:p + A.shape[1], p:p + A.shape[2], :], dB
