import torch
import torch.nn.functional as F


class Conv2dFunction(torch.autograd.Function):
    """
    Valid convolution layer with stride 1 and its own backward pass.

    x: (N, C, H, W)
    w: (F, C, kh, kw)
    The gradients should be those that autograd finds for F.conv2d(x, w).
    """

    @staticmethod
    def forward(ctx, x, w):
        ctx.save_for_backward(x, w)
        return F.conv2d(x, w)

    @staticmethod
    def backward(ctx, g):
        x, w = ctx.saved_tensors
        kh, kw = w.shape[-2:]
        gp = F.pad(g, (kw - 1, kw - 1, kh - 1, kh - 1))
        dx = F.conv2d(gp, w.flip(2).transpose(0, 1))
        dw = F.conv2d(x.transpose(0, 1), g.transpose(0, 1)).transpose(0, 1)
        return dx, dw


conv = Conv2dFunction.apply
