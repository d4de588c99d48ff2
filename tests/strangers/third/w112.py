import torch as t
from torch import Tensor


def conv1d_minimal(x: Tensor, weights: Tensor) -> Tensor:
    b, ic, w = x.shape
    oc, ic2, kw = weights.shape
    assert ic == ic2, "in_channels for x and weights don't match up"
    ow = w - kw
    sb, sic, sw = x.stride()
    x_strided = x.as_strided(size=(b, ic, ow, kw), stride=(sb, sic, sw, sw))
    return t.einsum("bilk,oik->boil", x_strided, weights).mean(dim=2)
