import torch
import torch.nn.functional as F


def conv2d(input, weight, stride=1, padding=0):
    batch, _, H, W = input.shape
    out_ch, _, kH, kW = weight.shape
    cols = F.unfold(input, (kH, kW), stride=stride, padding=padding)  # (N, C*kH*kW, L)
    prod = weight.reshape(out_ch, -1) @ cols
    oH = (H + 2 * padding - kH) // stride + 1
    oW = (W + 2 * padding - kW) // stride + 1
    return prod.view(batch, out_ch, oH, oW)
