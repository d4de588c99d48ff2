import torch
from torch import nn

def conv2d(input, weight, stride=1, padding=0):
    out_c, in_c, kh, kw = weight.shape
    h = (input.shape[2] + 2 * padding - kh) // stride + 1
    cols = nn.functional.unfold(input, (kh, kw), stride=stride, padding=padding)
    return (cols.transpose(1, 2) @ weight.reshape(out_c, -1).t()).transpose(1, 2).reshape(input.shape[0], out_c, h, -1)
