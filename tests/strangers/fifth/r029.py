import torch
import torch.nn.functional as F


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    extra = []
    for d in (0, 1):
        size = (grad_output.shape[2 + d] - 1) * stride - 2 * padding + weight.shape[2 + d]
        extra.append(input_size[2 + d] - size)
    return F.conv_transpose2d(grad_output, weight, stride=stride, padding=padding, output_padding=tuple(extra))
