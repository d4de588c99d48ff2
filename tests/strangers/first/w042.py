import torch

_workspace = {}


def buffered_conv(x, w, stride=1, padding=0):
    xp = torch.nn.functional.pad(x, (padding, padding, padding, padding))
    kh, kw = w.shape[2:]
    view = xp.unfold(2, kh, stride).unfold(3, kw, stride)
    key = (x.shape[0], w.shape[0], view.shape[2], view.shape[3], x.dtype)
    if key not in _workspace:
        _workspace[key] = torch.empty(key[:4], dtype=x.dtype)
    out = _workspace[key]
    out.copy_(torch.einsum("nchwab,fcab->nfhw", view, w))
    return out
