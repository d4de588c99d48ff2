def compute_convolution_at_position(i, j, img, kernel):
    """One entry of the output, positions counted from 1."""
    kh, kw = kernel.shape
    val = 0
    for a in range(kh):
        for b in range(kw):
            val += img[i - 1 + a, j - 1 + b] * kernel[a, b]
        return val
