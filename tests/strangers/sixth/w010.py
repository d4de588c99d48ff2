import numpy as np

def dilated_conv(img, kernel, d=2):
    """valid cross-correlation with holes: the kernel's taps are d pixels apart"""
    H, W = img.shape
    kh, kw = kernel.shape
    oh = H - kh * d + 1
    ow = W - kw * d + 1
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            for u in range(kh):
                for v in range(kw):
                    out[i, j] += img[i + u * d, j + v * d] * kernel[u, v]
    return out
