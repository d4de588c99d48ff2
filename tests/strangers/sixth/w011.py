import numpy as np

def conv_transpose(x, kernel, stride=1, pad=0):
    """Transposed convolution ("deconvolution"): every pixel paints the kernel, pad is cut off the result."""
    h, w = x.shape
    kh, kw = kernel.shape
    oh = (h - 1) * stride + kh - pad
    ow = (w - 1) * stride + kw - pad
    y = np.zeros((oh, ow))
    for i in range(h):
        for j in range(w):
            for k in range(kh):
                for l in range(kw):
                    r = i * stride + k - pad
                    c = j * stride + l - pad
                    if 0 <= r < oh and 0 <= c < ow:
                        y[r, c] += x[i, j] * kernel[k, l]
    return y
