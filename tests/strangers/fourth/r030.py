import torch
import torch.nn.functional as F


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    """col2im of W^T times the output gradient."""
    n = input_size[0]
    o = weight.shape[0]
    g = grad_output.reshape(n, o, -1)
    cols = weight.reshape(o, -1).t() @ g
    return F.fold(cols, output_size=tuple(input_size[-2:]), kernel_size=tuple(weight.shape[-2:]),
                  stride=stride, padding=padding)
