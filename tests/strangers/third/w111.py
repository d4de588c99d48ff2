import torch as t
from torch import Tensor
import einops
from jaxtyping import Float
import part2_cnns.tests as tests


def conv1d_minimal_simple(x: Float[Tensor, "w"], weights: Float[Tensor, "kw"]) -> Float[Tensor, "ow"]:
    """one channel, one example, one filter"""
    w = x.shape[0]
    kw = weights.shape[0]
    ow = w - kw + 1
    s = x.stride(0)
    strided = x.as_strided(size=(ow, kw), stride=(s, s))
    return (strided * weights.flip(0)).sum(dim=1)


tests.test_conv1d_minimal_simple(conv1d_minimal_simple)
