import numpy as np


def apply_convolution(img, kernel):
    size = kernel.shape[0]
    h_out = img.shape[0] - size + 1
    w_out = img.shape[1] - kernel.shape[1] + 1
    res = []
    for r in range(h_out):
        line = []
        for c in range(w_out):
            px = 0.0
            for a in range(size):
                for b in range(size):
                    px += img[r + a][c + b] * kernel[b][a]
            line.append(px)
        res.append(line)
    return np.array(res)
