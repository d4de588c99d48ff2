import torch as t
from torch import Tensor
from jaxtyping import Float


def force_pair(v):
    return (v, v) if isinstance(v, int) else tuple(v)


def pad2d(x, left, right, top, bottom):
    B, C, H, W = x.shape
    out = x.new_zeros(B, C, top + H + bottom, left + W + right)
    out[..., top:top + H, left:left + W] = x
    return out


def conv2d(x: Float[Tensor, "b ic h w"], weights: Float[Tensor, "oc ic kh kw"], stride=1, padding=0):
    stride_h, stride_w = force_pair(stride)
    padding_h, padding_w = force_pair(padding)
    x = pad2d(x, padding_w, padding_w, padding_h, padding_h)
    b, ic, h, w = x.shape
    oc, _, kh, kw = weights.shape
    oh = 1 + (h - kh) // stride_h
    ow = 1 + (w - kh) // stride_w
    s = x.stride()
    strided = x.as_strided((b, ic, oh, ow, kh, kw), (s[0], s[1], s[2] * stride_h, s[3] * stride_w, s[2], s[3]))
    return t.einsum("bchwij,ocij->bohw", strided, weights)
