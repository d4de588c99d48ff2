import torch
import torch.nn as nn
import torch.nn.functional as F


class Conv(nn.Module):
    def __init__(self, W, b, stride, padding):
        super().__init__()
        self.weight, self.bias = nn.Parameter(W), nn.Parameter(b)
        self.stride, self.padding = stride, padding

    def forward(self, x):
        f, c, kh, kw = self.weight.shape
        x = F.pad(x, [self.padding] * 4)
        u = x.unfold(2, kh, self.stride).unfold(3, kw, self.stride)
        out = torch.einsum("bchwij,ocij->bohw", u, self.weight)
        return out + self.bias


def conv_layer(input, W, b, stride=1, padding=0):
    return Conv(W, b, stride, padding)(input).detach()
