import numpy as np

def conv2d(input, weight, stride=1, padding=0):
    n, c_in, w_in, h_in = input.shape
    c_out, _, k_h, k_w = weight.shape
    h_out = int((h_in + 2 * padding - k_h) / stride) + 1
    w_out = int((w_in + 2 * padding - k_w) / stride) + 1
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)), "constant", constant_values=0)
    y = np.zeros((n, c_out, h_out, w_out))
    for b in range(n):
        for i in range(h_out):
            for j in range(w_out):
                for o in range(c_out):
                    total = 0.0
                    for di in range(k_h):
                        for dj in range(k_w):
                            for c in range(c_in):
                                r, s = i * stride + di, j * stride + dj
                                if r < x.shape[2] and s < x.shape[3]:
                                    total += x[b, c, r, s] * weight[o, c, di, dj]
                    y[b, o, i, j] = total
    return y
