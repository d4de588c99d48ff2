import torch


def conv2d(input, weight, bias=None, stride=1, padding=0):
    n, ci, h, w = input.shape
    co, _, kh, kw = weight.shape
    if bias is None:
        bias = torch.zeros(co, dtype=input.dtype)
    x = torch.zeros(n, ci, h + 2 * padding, w + 2 * padding, dtype=input.dtype)
    x[:, :, padding:padding + h, padding:padding + w] = input
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    out = torch.zeros(n, co, oh, ow, dtype=input.dtype)
    for i in range(oh):
        for j in range(ow):
            for o in range(co):
                for u in range(kh):
                    row = x[:, :, i * stride + u, j * stride:j * stride + kw]
                    out[:, o, i, j] += (row * weight[o, :, u]).sum(dim=(1, 2)) + bias[o]
    return out
