import numpy as np

def feature_map(img, kernel):
    """one feature map: valid cross-correlation of an (H, W, C) image with a (kh, kw, C) kernel"""
    kh, kw, _ = kernel.shape
    out = np.zeros((img.shape[0] - kh + 1, img.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i + kh, j:j + kw] * kernel).sum()
    return np.clip(out, 0.0, 1.0)
