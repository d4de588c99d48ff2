import torch
import torch.nn.functional as F


def dilated_conv2d(img, kernel, stride=1, padding=0, dilation=1):
    x = F.pad(img, (padding, padding, padding, padding))
    kh, kw = kernel.shape[-2:]
    reach = dilation * (kh - 1) + 1
    blocks = x.unfold(2, reach, stride).unfold(3, kw, stride)
    blocks = blocks[..., ::dilation, :]
    return torch.einsum('nchwij,fcij->nfhw', blocks, kernel)
