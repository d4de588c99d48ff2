import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    O, C2, K, K2 = weight.shape
    assert H == W, "square images only"
    assert K == K2, "square kernels only"
    assert C == C2
    size = (H + 2 * padding - K) // stride + 1
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.zeros((N, O, size, size))
    for i in range(size):
        for j in range(size):
            for o in range(O):
                region = x[:, :, i * stride:i * stride + K, j * stride:j * stride + K]
                out[:, o, i, j] = (region * weight[o]).sum(axis=(1, 2, 3))
    return out
