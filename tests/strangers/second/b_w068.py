import numpy as np


class Conv:
    def __init__(self, stride=1, padding=0):
        self.stride, self.padding = stride, padding

    def compute(self, A, B):
        pad, st = self.padding, self.stride
        A = np.ascontiguousarray(np.pad(A, [(0, 0), (pad, pad), (pad, pad), (0, 0)]))
        N, H, W, C_in = A.shape
        K, _, _, C_out = B.shape
        Ns, Hs, Ws, Cs = A.strides
        out_h = (H - K) // st + 1
        out_w = (W - K) // st + 1
        inner = K * K * C_in
        view = np.lib.stride_tricks.as_strided(
            A,
            shape=(N, out_h, out_w, K, K, C_in),
            strides=(Ns, Hs * st, Ws * st, Ws, Hs, Cs),
        )
        out = view.reshape(-1, inner) @ B.reshape(inner, C_out)
        return out.reshape(N, out_h, out_w, C_out)


def conv(a, b, stride=1, padding=1):
    return Conv(stride=stride, padding=padding).compute(a, b)
