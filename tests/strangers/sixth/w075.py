from numba import njit


@njit
def conv_into(img, kernel, out):
    """
    Valid cross-correlation of img and kernel.

    The result is written into out, whose shape must be (H - kh + 1, W - kw + 1);
    the old content of out is overwritten. Nothing is returned.
    """
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            s = 0.0
            for k in range(kernel.shape[0]):
                for l in range(kernel.shape[1]):
                    s += img[i + k, j + l] * kernel[k, l]
            out[i, j] += s
