import numpy as np


def conv(a, b, stride=1, padding=1):
    a = np.pad(a, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    n, h, w, cin = a.shape
    k, _, _, cout = b.shape
    oh, ow = (h - k) // stride + 1, (w - k) // stride + 1
    cols = np.zeros((n, oh, ow, k * k * cin), dtype=a.dtype)
    for i in range(oh):
        for j in range(ow):
            cols[:, i, j] = a[:, i * stride:i * stride + k, j * stride:j * stride + k].reshape(n, -1)
    kernel = b.transpose(2, 0, 1, 3).reshape(-1, cout)
    return cols @ kernel
