import torch
import torch.nn.functional as F


def conv2d_same(x, weight, dilation=1):
    o, c, kh, kw = weight.shape
    ph, pw = kh // 2, kw // 2
    xp = F.pad(x, (pw, pw, ph, ph))
    oh = xp.shape[2] - dilation * (kh - 1)
    ow = xp.shape[3] - dilation * (kw - 1)
    out = x.new_zeros(x.shape[0], o, oh, ow)
    for i in range(kh):
        for j in range(kw):
            a, b = i * dilation, j * dilation
            out += torch.einsum("nchw,oc->nohw", xp[:, :, a:a + oh, b:b + ow], weight[:, :, i, j])
    return out
