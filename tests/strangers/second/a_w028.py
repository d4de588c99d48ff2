import numpy as np

def out_size(n, k, s, p):
    return (n + 2 * p - k) // s + 1

def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    F, C2, KH, KW = weight.shape
    assert C == C2
    OH, OW = out_size(H, KH, stride, padding), out_size(W, KW, stride, padding)
    y = np.zeros((N, F, OH, OW))
    for oy in range(OH):
        for ox in range(OW):
            for ky in range(0, KH, stride):
                iy = oy * stride + ky - padding
                if iy < 0 or iy >= H:
                    continue
                for kx in range(0, KW, stride):
                    ix = ox * stride + kx - padding
                    if ix < 0 or ix >= W:
                        continue
                    y[:, :, oy, ox] += input[:, :, iy, ix] @ weight[:, :, ky, kx].T
    return y
