import numpy as np

def conv(a, b, stride=1, padding=1):
    """a: N x H x W x C_in, b: K x K x C_in x C_out"""
    a = np.pad(a, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, _ = a.shape
    K, _, _, C_out = b.shape
    H_out = (H - K) // stride + 1
    W_out = (W - K) // stride + 1
    out = np.zeros((N, H_out, W_out, C_out), dtype=a.dtype)
    for i in range(K):
        for j in range(K):
            out += a[:, i:i + (H_out - 1) * stride + 1:stride, j:j + (W_out - 1) * stride + 1:stride, :] @ b[i, j]
    return out
