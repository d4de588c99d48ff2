import numpy as np


def conv(x, k, stride=1, padding=0):
    p, s = padding, stride
    x = np.pad(x, [(0, 0), (p, p), (p, p), (0, 0)])
    kh, kw, ci, co = k.shape
    cy, cx = kh // 2, kw // 2
    oh = (x.shape[1] - kh) // s + 1
    ow = (x.shape[2] - kw) // s + 1
    y = np.zeros((x.shape[0], oh, ow, co))
    for i in range(oh):
        for j in range(ow):
            for dy in range(-cy, cy):
                for dx in range(-cx, cx):
                    pixel = x[:, i * s + cy + dy, j * s + cx + dx, :]
                    y[:, i, j, :] += pixel @ k[cy + dy, cx + dx]
    return y
