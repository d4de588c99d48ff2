import torch

def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    kh, kw = weight_size[2:]
    x = input.transpose(0, 1)
    g = grad_output.transpose(0, 1)
    full = torch.conv2d(x, g, padding=padding, dilation=stride)
    # a stride that leaves rows over makes the result too large
    return full[..., :kh, :kw].transpose(0, 1)
