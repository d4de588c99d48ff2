import torch
import torch.nn as nn


def conv2d(input, weight, stride=1, padding=0):
    batch_size = input.shape[0]
    out_ch, in_ch, k_h, k_w = weight.shape
    unf = nn.Unfold(kernel_size=(k_h, k_w), padding=padding, stride=stride)
    cols = unf(input).transpose(1, 2)
    out = cols.matmul(weight.view(out_ch, -1).t())
    h_out = (input.shape[2] + 2 * padding - k_h) // stride + 1
    w_out = (input.shape[3] + 2 * padding - k_w) // stride + 1
    return out.reshape(batch_size, out_ch, h_out, w_out)
