import torch
import torch.nn.functional as F


def unfold_conv(x, weight, stride=1, padding=0):
    """Convolution written as one matrix product."""
    n, c, h, w = x.shape
    f, _, kh, kw = weight.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    patches = F.unfold(x, (kh, kw), stride=stride, padding=padding)
    patches = patches.transpose(1, 2)              # N, L, C*kh*kw
    out = patches @ weight.reshape(f, -1).t()      # N, L, F
    return out.reshape(n, f, oh, ow)
