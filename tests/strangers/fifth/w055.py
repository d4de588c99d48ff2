import torch
import torch.nn.functional as F


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    """d loss / d input, given d loss / d output"""
    return F.conv_transpose2d(grad_output, weight, stride=stride, padding=padding)  # N, C, H, W
