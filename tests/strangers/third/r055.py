import torch as t
from torch import Tensor
import einops
from jaxtyping import Float
import part2_cnns.tests as tests

IntOrPair = int | tuple[int, int]


def force_pair(v: IntOrPair):
    if isinstance(v, tuple):
        return v
    return (v, v)


def conv2d(
    x: Float[Tensor, "b ic h w"],
    weights: Float[Tensor, "oc ic kh kw"],
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
) -> Float[Tensor, "b oc oh ow"]:
    stride_h, stride_w = force_pair(stride)
    padding_h, padding_w = force_pair(padding)
    b, ic, h, w = x.shape
    oc, ic2, kh, kw = weights.shape
    x_padded = x.new_zeros((b, ic, h + 2 * padding_h, w + 2 * padding_w))
    x_padded[:, :, padding_h:padding_h + h, padding_w:padding_w + w] = x
    oh = 1 + (h + 2 * padding_h - kh) // stride_h
    ow = 1 + (w + 2 * padding_w - kw) // stride_w
    sb, si, sh, sw = x_padded.stride()
    strided = x_padded.as_strided((b, ic, oh, ow, kh, kw), (sb, si, sh * stride_h, sw * stride_w, sh, sw))
    return t.einsum("bixyhw,oihw->boxy", strided, weights)


tests.test_conv2d(conv2d)
