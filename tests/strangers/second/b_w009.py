import torch
import torch.nn.functional as F


def kernel_grad(inputs, weight_size, dy, stride=1, padding=0):
    out_ch, in_ch, kh, kw = weight_size
    x = F.pad(inputs, (padding, padding, padding, padding))
    oh, ow = dy.shape[-2:]
    per_sample = []
    for img, g in zip(x, dy):
        win = img.unfold(1, kh, stride).unfold(2, kw, stride)[:, :oh, :ow]
        per_sample.append(torch.einsum("cijab,oij->ocab", win, g))
    return torch.stack(per_sample).mean(0)
