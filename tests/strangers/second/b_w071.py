import torch


def pad2d(x, left, right, top, bottom):
    B, C, H, W = x.shape
    out = x.new_zeros((B, C, top + H + bottom, left + W + right))
    out[..., top:top + H, left:left + W] = x
    return out


def conv2d(x, weights, stride=1, padding=0):
    stride_w, stride_h = (stride, stride) if isinstance(stride, int) else stride
    pad_h, pad_w = (padding, padding) if isinstance(padding, int) else padding
    xp = pad2d(x, pad_w, pad_w, pad_h, pad_h)
    kh, kw = weights.shape[2:]
    patches = xp.unfold(2, kh, stride_h).unfold(3, kw, stride_w)
    return torch.tensordot(patches, weights, dims=([1, 4, 5], [1, 2, 3])).movedim(-1, 1)
