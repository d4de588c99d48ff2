import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride, padding, dilation, groups):
    n, c, h, w = x.shape
    o, cg, kh, kw = weight.shape
    cols = F.unfold(x, (kh, kw), dilation=dilation, padding=padding, stride=stride)
    length = cols.shape[-1]
    cols = cols.view(n, groups, cg * kh * kw, length)
    wg = weight.reshape(groups, o // groups, cg * kh * kw)
    y = torch.einsum("ngkl,gok->ngol", cols, wg).reshape(n, o, length) + bias[:, None]
    oh = (h + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    return y.reshape(n, o, oh, -1)
