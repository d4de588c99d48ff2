import numpy as np


def kernel_grad(images, kernel_shape, dout, stride=1, pad=0):
    """Gradient of the loss w.r.t. an HWIO kernel; images and dout are NHWC."""
    kh, kw, cin, cout = kernel_shape
    x = np.pad(images, ((0, 0), (pad, pad), (pad, pad), (0, 0)))[0]
    g = dout[0]
    dk = np.zeros(kernel_shape)
    for r in range(g.shape[0]):
        for c in range(g.shape[1]):
            patch = x[r * stride:r * stride + kh, c * stride:c * stride + kw]
            dk += patch[..., np.newaxis] * g[r, c]
    return dk
