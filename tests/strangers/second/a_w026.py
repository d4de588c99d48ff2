import numpy as np


def my_conv2d(inp, Wt, stride=1, padding=0):
    B, Ci, H, W = inp.shape
    Co, _, M, L = Wt.shape
    x = np.pad(inp, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = (x.shape[2] - M) // stride + 1
    cols = (x.shape[3] - L) // stride + 1
    out = np.zeros((B, Co, rows, cols))
    for n in range(B):
        for k in range(Co):
            for i in range(0, rows, stride):
                for j in range(0, cols, stride):
                    y0 = i * stride
                    x0 = j * stride
                    out[n, k, i, j] = np.sum(x[n, :, y0:y0 + M, x0:x0 + L] * Wt[k])
    return out
