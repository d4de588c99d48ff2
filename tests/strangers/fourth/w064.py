import torch
import torch.nn.functional as F

def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    """Gradient of conv2d with respect to its input."""
    n, c, h, w = input_size
    g = F.conv_transpose2d(grad_output, weight)
    full = torch.zeros(n, c, h + 2 * padding, w + 2 * padding, dtype=g.dtype)
    hh, ww = min(g.shape[2], full.shape[2]), min(g.shape[3], full.shape[3])
    full[:, :, :hh, :ww] = g[:, :, :hh, :ww]
    return full[:, :, padding:padding + h, padding:padding + w]
