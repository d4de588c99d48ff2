import numpy as np


def conv2d_same(x, w, stride=1):
    """NHWC, HWIO, TensorFlow's "SAME" padding (the odd line at the bottom / right)."""
    kh, kw, _, F = w.shape
    N, H, W, _ = x.shape
    oh, ow = -(-H // stride), -(-W // stride)
    th = max((oh - 1) * stride + kh - H, 0)
    tw = max((ow - 1) * stride + kw - W, 0)
    x = np.pad(x, ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0)))
    y = np.zeros((N, oh, ow, F))
    for a in range(kh):
        for b in range(kw):
            y += x[:, a:a + (oh - 1) * stride + 1:stride, b:b + (ow - 1) * stride + 1:stride] @ w[a, b]
    return y
