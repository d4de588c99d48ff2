import torch
from torch.nn.grad import conv2d_input, conv2d_weight


class _Conv2d(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, stride, padding):
        ctx.save_for_backward(x, w)
        ctx.stride, ctx.padding = stride, padding
        xp = torch.nn.functional.pad(x, [padding] * 4)
        win = xp.unfold(2, w.shape[2], stride).unfold(3, w.shape[3], stride)
        return torch.einsum('bcijkl,ockl->boij', win, w)

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        gi = conv2d_input(x.shape, w, g, stride=ctx.stride, padding=ctx.padding)
        gk = conv2d_weight(x, w.shape, g, stride=ctx.stride, padding=ctx.padding)
        return gi, gk, None, None


def conv2d(input, weight, stride=1, padding=0):
    return _Conv2d.apply(input, weight, stride, padding)
