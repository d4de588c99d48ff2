import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    """Forward pass, N x C x H x W."""
    N, C, H, W = input.shape
    F, C, HH, WW = weight.shape

    oH = (H + padding - HH) // stride + 1
    oW = (W + padding - WW) // stride + 1
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding))
    padded[:, :, padding:padding + H, padding:padding + W] = input

    out = np.zeros((N, F, oH, oW))
    for n in range(N):
        for f in range(F):
            for i in range(oH):
                for j in range(oW):
                    hs, ws = i * stride, j * stride
                    out[n, f, i, j] = np.sum(padded[n, :, hs:hs + HH, ws:ws + WW] * weight[f])
    return out
