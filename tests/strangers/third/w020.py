import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    N, C, H, W = input.shape
    F, _, HH, WW = weight.shape
    x_pad = np.pad(input, ((0,), (0,), (padding,), (padding,)), mode='constant')
    H_ = 1 + (H + 2 * padding - HH) // stride
    W_ = 1 + (W + 2 * padding - WW) // stride
    out = np.zeros((N, F, H_, W_))
    n = 0
    for img in x_pad:
        for f in range(F):
            for i in range(H_):
                for j in range(W_):
                    for c in range(C):
                        for p in range(HH):
                            for q in range(WW):
                                out[n, f, i, j] += x_pad[0, c, i * stride + p, j * stride + q] * weight[f, c, p, q]
        n += 1
    return out
