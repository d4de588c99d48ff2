import torch
import torch.nn.functional as F

def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    """Correlate the input with the output gradient, batch as the channel axis."""
    kh, kw = weight_size[-2:]
    xt = input.transpose(0, 1)
    gt = grad_output.transpose(0, 1)
    dw = F.conv2d(xt, gt, padding=padding, dilation=stride)
    return dw[:, :, :kh, :kw]
