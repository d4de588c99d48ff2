import numpy as np


def conv_matrix(kernel, H, W):
    """The matrix M with M @ img.ravel() = (valid cross-correlation).ravel()."""
    kh, kw = kernel.shape
    oh, ow = H - kh + 1, W - kw + 1
    M = np.zeros((oh * ow, H * W))
    for i in range(oh):
        for j in range(ow):
            start = i * ow + j
            for k in range(kh):
                M[i * ow + j, start + k * W:start + k * W + kw] = kernel[k]
    return M


def conv_as_matrix(img, kernel):
    H, W = img.shape
    kh, kw = kernel.shape
    return (conv_matrix(kernel, H, W) @ img.ravel()).reshape(H - kh + 1, W - kw + 1)
