import torch
import torch.nn.functional as F


def general_conv(inp, kernel, stride=1, padding=0, dilation=1, groups=1):
    x = F.pad(inp, (padding, padding, padding, padding))
    n, c, h, w = x.shape
    o, cg, kh, kw = kernel.shape
    oh = (h - dilation * (kh - 1) - 1) // stride + 1
    ow = (w - dilation * (kw - 1) - 1) // stride + 1
    x = x.reshape(n, groups, cg, h, w)
    k = kernel.reshape(groups, o // groups, cg, kh, kw)
    y = x.new_zeros(n, groups, o // groups, oh, ow)
    for a in range(kh):
        for b in range(kw):
            r, q = a * dilation, b * dilation
            part = x[..., r:r + (oh - 1) * stride + 1:stride, q:q + (ow - 1) * stride + 1:stride]
            y += torch.einsum("ngcij,gfc->ngfij", part, k[..., a, b])
    return y.reshape(n, o, oh, ow)
