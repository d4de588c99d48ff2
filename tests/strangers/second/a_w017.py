import numpy as np


def cross_corr(imgs, weights, stride=1, padding=0):
    B, C, H, W = imgs.shape
    O, _, kh, kw = weights.shape
    xp = np.pad(imgs, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    Ho = (H + 2 * padding - kh) // stride + 1
    Wo = (W + 2 * padding - kw) // stride + 1
    out = np.zeros((B, O, Ho, Wo))
    y_end, x_end = (Ho - 1) * stride + 1, (Wo - 1) * stride + 1
    for u in range(kh):
        for v in range(kw):
            shifted = xp[:, :, u:u + y_end:stride, v:v + x_end:stride]
            out += np.einsum('bchw,oc->bohw', shifted, weights[:, :, u, kw - 1 - v])
    return out
