import numpy as np

def dilated_conv(x, w, stride=1, padding=0, dilation=1):
    """2-D convolution with dilation (batch first)."""
    B, Ci, H, W = x.shape
    Co, _, kh, kw = w.shape
    if padding > 0:
        x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    eff_h = dilation * (kh - 1) + 1
    eff_w = dilation * (kh - 1) + 1
    Ho = (H + 2 * padding - eff_h) // stride + 1
    Wo = (W + 2 * padding - eff_w) // stride + 1
    out = np.zeros((B, Co, Ho, Wo), dtype=x.dtype)
    for b in range(B):
        for co in range(Co):
            for i in range(Ho):
                for j in range(Wo):
                    v = 0
                    for u in range(kh):
                        for t in range(kw):
                            v += np.dot(w[co, :, u, t],
                                        x[b, :, i * stride + u * dilation, j * stride + t * dilation])
                    out[b, co, i, j] = v
    return out
