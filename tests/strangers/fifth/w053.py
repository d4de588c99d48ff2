import torch
import torch.nn.functional as F
from torch.autograd import Function


class MyConv(Function):
    @staticmethod
    def forward(ctx, x, weight, padding):
        ctx.save_for_backward(x, weight)
        ctx.padding = padding
        return F.conv2d(x, weight, padding=padding)

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved_tensors
        k = weight.shape[-1]
        p = ctx.padding
        full = F.pad(grad_out, (k - 1, k - 1, k - 1, k - 1))
        gx = F.conv2d(full, weight.transpose(0, 1))
        if p:
            gx = gx[:, :, p:-p, p:-p]
        gw = F.conv2d(F.pad(x, (p, p, p, p)).transpose(0, 1), grad_out.transpose(0, 1)).transpose(0, 1)
        return gx, gw, None
