import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    """Naive convolution with loops (N, C, H, W) * (O, C, kh, kw)."""
    N, C, H, W = input.shape
    O, _, kh, kw = weight.shape
    xp = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    H_out = (H + 2 * padding - (kh + stride)) // stride + 1
    W_out = (W + 2 * padding - (kw + stride)) // stride + 1
    out = np.zeros((N, O, H_out, W_out))
    for n in range(N):
        for o in range(O):
            for h in range(H_out):
                for w in range(W_out):
                    hs, ws = h * stride, w * stride
                    out[n, o, h, w] = (xp[n, :, hs:hs + kh, ws:ws + kw] * weight[o]).sum()
    return out
