import torch
import torch.nn.functional as F


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    O, C, kh, kw = weight_size
    cols = F.unfold(input, (kh, kw), padding=padding, stride=stride)
    g = grad_output.flatten(start_dim=2)
    per_image = torch.bmm(g, cols.transpose(1, 2))
    return per_image.mean(dim=0).view(O, C, kh, kw)
