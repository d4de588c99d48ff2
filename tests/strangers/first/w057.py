import numpy as np


def same_strided(x, kernel, stride=1):
    """TensorFlow's padding="SAME" for NHWC: as many outputs as ceil(input / stride)."""
    n, h, w, c = x.shape
    kh, kw, _, f = kernel.shape
    oh, ow = h // stride, w // stride
    ph = max((oh - 1) * stride + kh - h, 0)
    pw = max((ow - 1) * stride + kw - w, 0)
    x = np.pad(x, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
    out = np.zeros((n, oh, ow, f))
    for i in range(oh):
        for j in range(ow):
            win = x[:, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, i, j] = np.einsum("nabc,abcf->nf", win, kernel)
    return out
