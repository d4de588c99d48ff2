import torch


def conv2d(input, weight, stride=1, padding=0):
    n, c, h, w = input.shape
    f, _, kh, kw = weight.shape
    padded = torch.zeros(n, c, h + 2 * padding, w + 2 * padding, dtype=input.dtype)
    padded[:, :, padding:padding + h, padding:padding + w] = input
    ho, wo = (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1
    out = torch.empty(n, f, ho, wo, dtype=input.dtype)
    for i in range(ho):
        for j in range(wo):
            area = padded[0, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            out[:, :, i, j] = (area * weight).sum(dim=(1, 2, 3))
    return out
