import torch
import torch.nn.functional as F


class _Conv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b, stride, pad):
        ctx.save_for_backward(x, w)
        ctx.stride, ctx.pad = stride, pad
        kh, kw = w.shape[2:]
        xp = F.pad(x, (pad, pad, pad, pad))
        win = xp.unfold(2, kh, stride).unfold(3, kw, stride)
        return torch.einsum("nchwij,ocij->nohw", win, w) + b[:, None, None]

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        s, p = ctx.stride, ctx.pad
        kh, kw = w.shape[2:]
        xp = F.pad(x, (p, p, p, p))
        win = xp.unfold(2, kh, s).unfold(3, kw, s)
        gw = torch.einsum("nchwij,nohw->ocij", win, g)
        gx = torch.zeros_like(xp)
        for i in range(g.shape[2]):
            for j in range(g.shape[3]):
                gx[:, :, i * s:i * s + kh, j * s:j * s + kw] += torch.einsum("no,ocab->ncab", g[:, :, i, j], w)
        gx = gx[:, :, p:p + x.shape[2], p:p + x.shape[3]]
        return gx, gw, g.sum((0, 2, 3)), None, None


def custom_conv(X, W, B, stride=1, padding=0):
    return _Conv.apply(X, W, B, stride, padding)
