import torch
import torch.nn.functional as F


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    """Gradient w.r.t. the input of F.conv2d, i.e. a transposed convolution."""
    n, o, gh, gw = grad_output.shape
    kh, kw = weight.shape[-2:]
    spread = grad_output.new_zeros(n, o, (gh - 1) * stride + 1, (gw - 1) * stride + 1)
    spread[..., ::stride, ::stride] = grad_output
    spread = F.pad(spread, (kw - 1, kw - 1, kh - 1, kh - 1))
    kernel = weight.transpose(0, 1).flip(-1, -2)
    dx = F.conv2d(spread, kernel)
    if padding:
        dx = dx[:, :, padding:-padding, padding:-padding]
    return dx
