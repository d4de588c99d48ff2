import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    batch, chans, h, w = input.shape
    filters, _, fh, fw = weight.shape
    if padding > 0:
        input = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    nh = (h + 2 * padding - fh) // stride + 1
    nw = (w + 2 * padding - fw) // stride + 1
    maps = np.zeros((batch, filters, nh, nw))
    for b in range(batch):
        for f in range(filters):
            for i in range(nh):
                y0 = i * stride
                for j in range(nw):
                    for c in range(chans):
                        for dy in range(fh):
                            for dx in range(fw):
                                maps[b, f, i, j] += input[b, c, y0 + dy, j + dx] * weight[f, c, dy, dx]
    return maps
