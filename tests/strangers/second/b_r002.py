import torch
import torch.nn.functional as F


def unfold_conv2d(imgs, filters, stride=1, pad=0):
    """NCHW in, NCHW out."""
    batch = imgs.shape[0]
    f, _, kh, kw = filters.shape
    oh = (imgs.shape[2] + 2 * pad - kh) // stride + 1
    ow = (imgs.shape[3] + 2 * pad - kw) // stride + 1
    cols = F.unfold(imgs, (kh, kw), padding=pad, stride=stride)
    out = torch.bmm(filters.view(1, f, -1).expand(batch, -1, -1), cols)
    return out.view(batch, f, oh, ow)
