import torch
from torch.nn.functional import pad as tpad


def to_columns(x, kh, kw, step):
    win = x.unfold(2, kh, step).unfold(3, kw, step)      # N C OH OW kh kw
    return win.permute(0, 2, 3, 4, 5, 1).flatten(3)


def conv_forward(images, W, stride=1, padding=0):
    x = tpad(images, (padding,) * 4)
    cols = to_columns(x, W.shape[2], W.shape[3], stride)
    y = torch.matmul(cols, W.flatten(1).T)
    return y.permute(0, 3, 1, 2).contiguous()
