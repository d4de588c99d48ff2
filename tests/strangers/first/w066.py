import numpy as np


class Conv:
    """NHWC images with (K, K, C_in, C_out) kernels."""

    def __init__(self, stride=1, padding=0):
        self.stride = stride
        self.padding = padding

    def compute(self, A, B):
        pad = ((0, 0), (self.padding,) * 2, (self.padding,) * 2, (0, 0))
        A = np.ascontiguousarray(np.pad(A, pad))
        N, H, W, C_in = A.shape
        K, _, _, C_out = B.shape
        H_out = (H - K + 1) // self.stride
        W_out = (W - K + 1) // self.stride
        Ns, Hs, Ws, Cs = A.strides
        view = np.lib.stride_tricks.as_strided(
            A,
            (N, H_out, W_out, K, K, C_in),
            (Ns, Hs * self.stride, Ws * self.stride, Hs, Ws, Cs))
        flat = view.reshape(N * H_out * W_out, K * K * C_in) @ B.reshape(-1, C_out)
        return flat.reshape(N, H_out, W_out, C_out)
