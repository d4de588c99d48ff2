import torch
import torch.nn.functional as F


def conv2d_unfold(x, weight, bias=None, stride=1, padding=0, dilation=1):
    N, C, H, W = x.shape
    O, _, kh, kw = weight.shape
    oh = (H + 2 * padding - dilation * (kh - 1) - 1) // stride + 1
    cols = F.unfold(x, (kh, kw), dilation=dilation, padding=padding, stride=stride)
    out = torch.einsum("ok,nkl->nol", weight.reshape(O, -1), cols)
    if bias is not None:
        out = out + bias[:, None]
    return out.reshape(N, O, oh, -1)
