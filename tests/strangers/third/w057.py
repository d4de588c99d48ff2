import torch
from torch.nn.functional import unfold


def conv2d(input, weight, stride=1, padding=0):
    patches = unfold(input, weight.shape[2:], padding=padding, stride=stride)     # N, CK, L
    h = (input.size(2) + 2 * padding - weight.size(2)) // stride + 1
    w = (input.size(3) + 2 * padding - weight.size(3)) // stride + 1
    out = patches.transpose(1, 2) @ weight.flatten(1).t()
    return out.transpose(1, 2).reshape(input.size(0), weight.size(0), w, h)
