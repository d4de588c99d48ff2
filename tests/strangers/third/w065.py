import torch


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    h, w = img.shape
    out = torch.zeros((h - kh + 1, w - kw + 1), dtype=torch.long)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (img[i:i + kh, j:j + kw] * kernel).sum()
    return out
