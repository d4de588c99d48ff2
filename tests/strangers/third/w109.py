import numpy as np
from needle.autograd import TensorOp, Tensor


class Conv(TensorOp):
    def __init__(self, stride=1, padding=0):
        self.stride = stride
        self.padding = padding

    def compute(self, A, B):
        A, B = np.asarray(A), np.asarray(B)
        p, s = self.padding, self.stride
        A = np.pad(A, ((0, 0), (p, p), (p, p), (0, 0)))
        K = B.shape[0]
        v = np.lib.stride_tricks.sliding_window_view(A, (K, K), axis=(1, 2))[:, ::s, ::s]
        return np.einsum("nhwcij,ijco->nhwo", v, B)

    def gradient(self, out_grad, node):
        X, W = [np.asarray(t) for t in node.inputs]
        G = np.asarray(out_grad)
        K, _, I, O = W.shape
        N, H, Wd, _ = X.shape
        s, p = self.stride, self.padding
        oh, ow = G.shape[1:3]
        D = np.zeros((N, H + 2 * p + K - 1, Wd + 2 * p + K - 1, O))
        D[:, K - 1:K - 1 + oh * s:s, K - 1:K - 1 + ow * s:s] = G
        X_grad = Conv(1, 0).compute(D, W.transpose(0, 1, 3, 2))[:, p:p + H, p:p + Wd]
        Xp = np.pad(X, ((0, 0), (p, p), (p, p), (0, 0)))
        W_grad = np.zeros(W.shape)
        for i in range(K):
            for j in range(K):
                W_grad[i, j] = np.einsum("nhwc,nhwo->co", Xp[:, i:i + oh * s:s, j:j + ow * s:s], G)
        return X_grad, W_grad
