import torch
import torch.nn.functional as F


def conv2d_unfold(x, weight, stride=1, padding=0):
    N, C, H, W = x.shape
    F_out, _, kh, kw = weight.shape
    oh = (H + 2 * padding - kh) // stride + 1
    ow = (W + 2 * padding - kw) // stride + 1
    cols = F.unfold(x, (kh, kw), padding=padding, stride=stride)
    out = weight.view(F_out, -1) @ cols
    return out.view(N, F_out, ow, oh)
