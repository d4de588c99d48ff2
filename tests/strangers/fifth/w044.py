import numpy as np


def _same(size, k, s):
    out = -(-size // s)
    total = max((out - 1) * s + k - size, 0)
    before = total - total // 2
    return out, (before, total - before)


def conv2d_same_tf(x, w, stride=1):
    """Port of tf.nn.conv2d(x, w, stride, 'SAME'); x NHWC, w HWIO."""
    kh, kw, cin, cout = w.shape
    oh, ph = _same(x.shape[1], kh, stride)
    ow, pw = _same(x.shape[2], kw, stride)
    xp = np.pad(x, ((0, 0), ph, pw, (0, 0)))
    out = np.zeros((x.shape[0], oh, ow, cout))
    for i in range(kh):
        for j in range(kw):
            out += xp[:, i:i + stride * (oh - 1) + 1:stride, j:j + stride * (ow - 1) + 1:stride] @ w[i, j]
    return out
