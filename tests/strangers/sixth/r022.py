import torch
import torch.nn.functional as F


def conv_transpose2d(x, weight, stride=1, padding=0):
    """weight: (C_in, C_out, kh, kw)"""
    N, C, H, W = x.shape
    _, O, kh, kw = weight.shape
    cols = weight.reshape(C, -1).t() @ x.reshape(N, C, H * W)
    size = ((H - 1) * stride + kh - 2 * padding, (W - 1) * stride + kw - 2 * padding)
    return F.fold(cols, size, (kh, kw), stride=stride, padding=padding)
