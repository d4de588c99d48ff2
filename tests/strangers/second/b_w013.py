import torch
import torch.nn.functional as F


def correlate_plane(plane, k, stride):
    win = plane.unfold(1, k.shape[0], stride).unfold(2, k.shape[1], stride)
    return (win * k).sum(dim=(-1, -2))


def convolve(batch, filters, stride=1, padding=0):
    x = F.pad(batch, (padding,) * 4, mode="constant", value=1.0)
    outs = []
    for filt in filters:
        maps = [correlate_plane(x[:, c], filt[c], stride) for c in range(x.shape[1])]
        outs.append(torch.stack(maps).mean(dim=0))
    return torch.stack(outs, dim=1)
