import numpy as np


def convolve_hwc(image, kernels, stride=1, padding=0):
    """image (H, W, C), kernels (kh, kw, C, M), result (H', W', M)"""
    H, W, C = image.shape
    kh, kw, _, M = kernels.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    result = np.zeros((oh, ow, M))
    for y in range(oh):
        for x in range(ow):
            value = 0.0
            for m in range(M):
                for dy in range(kh):
                    yy = y * stride - padding + dy
                    if not 0 <= yy < H:
                        continue
                    for dx in range(kw):
                        xx = x * stride - padding + dx
                        if not 0 <= xx < W:
                            continue
                        for c in range(C):
                            value += image[yy, xx, c] * kernels[dy, dx, c, m]
                result[y, x, m] = value
    return result
