import torch
import torch.nn.functional as F


def conv2d_unfold(x, weight, bias=None, stride=1, padding=0):
    N, C, H, W = x.shape
    Fo, _, kh, kw = weight.shape
    h_out = (H + 2 * padding - kh) // stride + 1
    w_out = (W + 2 * padding - kw) // stride + 1
    cols = F.unfold(x, (kh, kw), padding=padding, stride=stride)   # N, C*kh*kw, L
    out = weight.reshape(Fo, -1) @ cols
    if bias is not None:
        out = out + bias.view(1, -1, 1)
    return out.view(N, Fo, w_out, h_out)
