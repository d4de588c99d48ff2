import torch


def conv2d(input, weight, stride=1, padding=0):
    """Convolution from a strided view of the padded input."""
    x = torch.nn.functional.pad(input, (padding,) * 4).contiguous()
    n, c, h, w = x.shape
    o, _, kh, kw = weight.shape
    oh, ow = (h - kh) // stride + 1, (w - kw) // stride + 1
    sn, sc, sh, sw = x.stride()
    view = x.as_strided((n, c, oh, ow, kh, kw), (sn, sc, sh * stride, sw, sh, sw))
    return torch.einsum("ncyxhw,ochw->noyx", view, weight)
