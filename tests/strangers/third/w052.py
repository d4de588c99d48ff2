import numpy as np

_buffers = {}


def _workspace(shape):
    if shape not in _buffers:
        _buffers[shape] = np.empty(shape)
    return _buffers[shape]


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    oh, ow = img.shape[0] - kh + 1, img.shape[1] - kw + 1
    out = _workspace((oh, ow))
    out.fill(0)
    for a in range(kh):
        for b in range(kw):
            out += kernel[a, b] * img[a:a + oh, b:b + ow]
    return out
