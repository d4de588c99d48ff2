import numpy as np


def conv2d(img, kernel):
    """Slides the kernel over the image (no padding, stride 1, kernel not flipped)."""
    H, W = img.shape
    kh, kw = kernel.shape
    out = np.zeros((H - kh + 1, W - kw + 1))
    for i in range(H - kh + 1):
        for j in range(W - kw + 1):
            for k in range(kh):
                s = 0.0
                for l in range(kw):
                    s += img[i + k, j + l] * kernel[k, l]
            out[i, j] = s
    return out
