import torch as t
from torch import Tensor
from jaxtyping import Float
import einops


def conv2d_minimal(x: Float[Tensor, "b ic h w"], weights: Float[Tensor, "oc ic kh kw"]):
    b, ic, h, w = x.shape
    oc, ic2, kh, kw = weights.shape
    assert ic == ic2
    margin = max(kh, kw)
    x = t.nn.functional.pad(x, (0, margin, 0, margin))
    s_b, s_ic, s_h, s_w = x.stride()
    strided = x.as_strided((b, ic, h - kh + 1, w - kw + 1, kh, kw), (s_b, s_ic, s_h, s_w, s_w, s_h))
    return t.einsum("bchwij,ocij->bohw", strided, weights)
