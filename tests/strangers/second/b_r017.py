from numba import njit


@njit
def convolve_same(image, kernel, out):
    """True 2-D convolution (kernel turned), same size, odd kernels, zeros outside."""
    H, W = image.shape
    kh, kw = kernel.shape
    cy, cx = kh // 2, kw // 2
    for y in range(H):
        for x in range(W):
            acc = 0.0
            for a in range(kh):
                for b in range(kw):
                    yy = y - (a - cy)
                    xx = x - (b - cx)
                    if 0 <= yy < H and 0 <= xx < W:
                        acc += image[yy, xx] * kernel[a, b]
            out[y, x] = acc
