import torch


def apply_convolution(img, kernel):
    kh, kw = kernel.shape
    oh, ow = img.shape[0] - kh + 1, img.shape[1] - kw + 1
    out = torch.zeros(oh, ow, dtype=img.dtype)
    for i in range(oh):
        for j in range(ow):
            patch = img[i:i + kh, j:j + kw]
            patch *= kernel
            out[i, j] = patch.sum()
    return out
