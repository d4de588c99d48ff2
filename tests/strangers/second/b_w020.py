import torch
import torch.nn.functional as F


def cross_correlate(inp, filt, stride=1, padding=0):
    x = F.pad(inp, (padding, padding, padding, padding))
    n, c, h, w = x.shape
    f, _, kh, kw = filt.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    parts = torch.empty((c, n, f, oh, ow), dtype=torch.long)
    for ch in range(c):
        win = x[:, ch].unfold(1, kh, stride).unfold(2, kw, stride)
        parts[ch] = torch.einsum("nijab,fab->nfij", win, filt[:, ch])
    return parts.sum(0).to(inp.dtype)
