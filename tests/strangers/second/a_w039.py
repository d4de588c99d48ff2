import numpy as np


def plane(ch, ker, s, bias):
    kh, kw = ker.shape
    oh, ow = (ch.shape[0] - kh) // s + 1, (ch.shape[1] - kw) // s + 1
    return np.array([[np.vdot(ch[i * s:i * s + kh, j * s:j * s + kw], ker) + bias
                      for j in range(ow)] for i in range(oh)])


def conv_layer(X, W, b, s=1, p=0):
    maps = []
    for img in X:
        per_filter = []
        for filt, bias in zip(W, b):
            total = 0
            for ch, ker in zip(img, filt):
                total = total + plane(np.pad(ch, p), ker, s, bias)
            per_filter.append(total)
        maps.append(per_filter)
    return np.array(maps)
