import numpy as np


def conv(a, b, stride=1, padding=1):
    """im2col with as_strided, square kernels only."""
    a = np.pad(a, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C_in = a.shape
    K, K2, _, C_out = b.shape
    assert K == K2
    Ns, Hs, Ws, Cs = a.strides
    oh = (H - K) // stride + 1
    ow = (W - K) // stride + 1
    inner = K * K * C_in
    view = np.lib.stride_tricks.as_strided(
        a, shape=(N, oh, ow, K, K, C_in), strides=(Ns, Hs * stride, Ws * stride, Hs, Ws, Cs))
    out = np.ascontiguousarray(view).reshape(-1, inner) @ np.ascontiguousarray(b).reshape(-1, C_out)
    return out.reshape(N, oh, ow, C_out)
