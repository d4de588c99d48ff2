import torch
import torch.nn.functional as F


class ConvFn(torch.autograd.Function):
    """valid cross-correlation with a handwritten backward"""

    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return F.conv2d(x, w, b)

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        kh, kw = w.shape[-2:]
        gp = F.pad(g, (kw - 1, kw - 1, kh - 1, kh - 1))
        dx = F.conv2d(gp, w.flip(2, 3).transpose(0, 1))
        dw = F.conv2d(x.transpose(0, 1), g.transpose(0, 1)).transpose(0, 1)
        return dx, dw, g.sum((0, 2, 3))
