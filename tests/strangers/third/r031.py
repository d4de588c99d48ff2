import numpy as np


def convolution(images, filters, bias, stride=1, padding=0):
    n, c, h, w = images.shape
    f, _, kh, kw = filters.shape
    out = np.zeros((n, f, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1))
    images = np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    for b in range(n):
        for k in range(f):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    y, x = i * stride, j * stride
                    out[b, k, i, j] = np.sum(images[b, :, y:y + kh, x:x + kw] * filters[k]) + bias[k]
    return out
