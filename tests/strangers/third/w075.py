import numpy as np


def forward_conv(inp, W, stride=1, padding=0):
    inp = np.pad(inp, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode='constant')
    f1, f2, c_in, c_out = W.shape
    rows = (inp.shape[1] - f1) // stride + 1
    cols = (inp.shape[2] - f2) // stride + 1
    out = np.zeros((inp.shape[0], rows, cols, c_out))
    for r in range(rows):
        for c in range(cols):
            region = inp[:, r * stride:r * stride + f1, c * stride:c * stride + f2, :c_in]
            for k in range(c_out):
                out[:, r, c, k] = (region * W[None, :, :, :, k]).sum(axis=(1, 2, 3))
    return out
