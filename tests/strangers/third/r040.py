import torch
import torch.nn.functional as F


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    o = weight.shape[0]
    n = grad_output.shape[0]
    cols = weight.reshape(o, -1).t() @ grad_output.reshape(n, o, -1)
    return F.fold(cols, tuple(input_size[-2:]), tuple(weight.shape[-2:]), padding=padding, stride=stride)
