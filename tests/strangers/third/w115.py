import torch as t
from torch import Tensor


def pad1d(x: Tensor, left: int, right: int, pad_value: float) -> Tensor:
    B, C, W = x.shape
    output = x.new_full(size=(B, C, left + W + right), fill_value=pad_value)
    output[..., left:left + W] = x
    return output


def conv1d(x, weights, stride: int = 1, padding: int = 0):
    """1-D convolution without bias"""
    x = pad1d(x, padding, padding, 0)
    b, ic, w = x.shape
    oc, _, kw = weights.shape
    out = x.new_zeros(b, oc, (w - kw) // stride + 1)
    for i in range(out.shape[-1]):
        window = x[:, None, :, i * stride:i * stride + kw]
        out[..., i] = (window * weights).mean(dim=-1).sum(dim=-1)
    return out
