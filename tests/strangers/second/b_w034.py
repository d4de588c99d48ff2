import numpy as np


def conv2d_batch(X, K, stride=1, pad=0):
    N, H, W, C = X.shape
    kh, kw, _, M = K.shape
    oh = (H - kh + 2 * pad) // stride + 1
    ow = (W - kw + 2 * pad) // stride + 1
    acc = np.zeros((oh, ow, M))
    Y = np.empty((N, oh, ow, M))
    for n, img in enumerate(X):
        img = np.pad(img, ((pad, pad), (pad, pad), (0, 0)))
        for a in range(kh):
            for b in range(kw):
                part = img[a:a + stride * oh:stride, b:b + stride * ow:stride]
                acc += part[:oh, :ow] @ K[a, b]
        Y[n] = acc
    return Y
