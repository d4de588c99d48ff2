import numpy as np


def depthwise_conv2d(x, w):
    """tf.nn.depthwise_conv2d, "VALID", stride 1: x (N, H, W, C), w (kh, kw, C, m)"""
    kh, kw, C, m = w.shape
    oh, ow = x.shape[1] - kh + 1, x.shape[2] - kw + 1
    out = np.zeros((x.shape[0], oh, ow, C, m))
    for a in range(kh):
        for b in range(kw):
            out += x[:, a:a + oh, b:b + ow, :, None] * w[a, b]
    return out.reshape(x.shape[0], oh, ow, C * m)
