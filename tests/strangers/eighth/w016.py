from typing import Tuple, Union

import torch as t
import torch.nn.functional as F
from torch import Tensor

IntOrPair = Union[int, Tuple[int, int]]


def force_pair(v: IntOrPair) -> Tuple[int, int]:
    if isinstance(v, int):
        return (v, v)
    return (int(v[0]), int(v[1]))


def conv2d(x: Tensor, weights: Tensor, stride: IntOrPair = 1, padding: IntOrPair = 0) -> Tensor:
    stride_h, stride_w = force_pair(stride)
    pad_h, pad_w = force_pair(padding)
    xp = F.pad(x, (pad_w, pad_w, pad_h, pad_h))
    kh, kw = weights.shape[-2:]
    windows = xp.unfold(2, kh, stride_h).unfold(3, kw, stride_h)
    return t.einsum("bihwxy,oixy->bohw", windows, weights)
