import torch
import torch.nn.functional as F

def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    """Full correlation of the (dilated) output gradient with the flipped kernel."""
    N, C, H, W = input_size
    kh, kw = weight.shape[2:]
    n, o, oh, ow = grad_output.shape
    if stride > 1:
        d = grad_output.new_zeros(n, o, (oh - 1) * stride + 1, (ow - 1) * stride + 1)
        d[:, :, ::stride, ::stride] = grad_output
        grad_output = d
    g = F.pad(grad_output, (kw - 1, kw - 1, kh - 1, kh - 1))
    dx = F.conv2d(g, weight.flip([3]).transpose(0, 1))
    # rows and columns no window reached
    dx = F.pad(dx, (0, W + 2 * padding - dx.shape[3], 0, H + 2 * padding - dx.shape[2]))
    return dx[:, :, padding:padding + H, padding:padding + W]
