import torch
import torch.nn.functional as F


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    # batch becomes the summed axis, the output gradient acts as a dilated kernel
    grad = F.conv2d(
        input.transpose(0, 1),
        grad_output.transpose(0, 1),
        padding=padding,
        dilation=stride,
    )
    return grad.transpose(0, 1)
