import numpy as np


def conv2d(input, weight, stride=1, padding=0):
    n, c, h, w = input.shape
    f, _, kh, kw = weight.shape
    assert (h + 2 * padding - kh) % stride == 0, f"stride {stride} does not fit the height"
    assert (w + 2 * padding - kw) % stride == 0, f"stride {stride} does not fit the width"
    x = np.pad(input, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (x.shape[2] - kh) // stride + 1
    ow = (x.shape[3] - kw) // stride + 1
    taps = []
    for a in range(kh):
        for b in range(kw):
            taps.append(x[:, :, a:a + oh * stride:stride, b:b + ow * stride:stride])
    taps = np.stack(taps, axis=2).reshape(n, c * kh * kw, oh * ow)
    return np.matmul(weight.reshape(1, f, -1), taps).reshape(n, f, oh, ow)
