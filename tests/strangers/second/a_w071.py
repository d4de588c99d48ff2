import numpy as np


def conv_backward_filter(data, weight_size, dout, stride=1, padding=0):
    O, C, kh, kw = weight_size
    _, _, oh, ow = dout.shape
    xp = np.pad(data, [(0, 0)] * 2 + [(padding, padding)] * 2)
    dW = np.zeros((O, C, kh, kw))
    for u in range(kh):
        for v in range(kw):
            taps = xp[:, :, u:u + stride * (oh - 1) + 1:stride, v:v + stride * (ow - 1) + 1:stride]
            dW[:, :, u, v] = taps.sum(axis=(0, 2, 3))
    return dW
