import numpy as np


def convolve(images, kernels, stride=1, padding=0):
    """images (N, H, W, C_in), kernels (kh, kw, C_in, C_out)"""
    n, h, w, _ = images.shape
    kh, kw, _, c_out = kernels.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    padded = np.zeros((n, h + 2 * padding, w + 2 * padding, images.shape[3]))
    padded[:, padding:padding + h, padding:padding + w, :] = images
    out = np.zeros((n, oh, ow, c_out))
    for y in range(oh):
        for x in range(ow):
            for ky in range(kh):
                for kx in range(kw):
                    out[:, y, x, :] += padded[:, y * stride + ky, x * stride + kx, :] @ kernels[ky, kx]
    return out
