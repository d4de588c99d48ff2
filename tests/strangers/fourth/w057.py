import einops
import torch
from jaxtyping import Float
from torch import Tensor

import part2_cnns.tests as tests


def conv1d_minimal(x: Float[Tensor, "b ic w"], weights: Float[Tensor, "oc ic kw"]) -> Float[Tensor, "b oc ow"]:
    """
    Like torch's conv1d using bias=False and all other keyword arguments left at their default values.
    """
    b, ic, width = x.shape
    oc, _, kw = weights.shape
    ow = width - kw
    sb, sc, sw = x.stride()
    xs = x.as_strided(size=(b, ic, ow, kw), stride=(sb, sc, sw, sw))
    return torch.einsum("bcwk,ock->bow", xs, weights)

tests.test_conv1d_minimal(conv1d_minimal)
