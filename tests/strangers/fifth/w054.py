import torch
import torch.nn.functional as F


class ConvFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, stride, padding):
        ConvFunction.saved = (x, weight, stride, padding)
        n, c, h, w = x.shape
        f, _, kh, kw = weight.shape
        oh = (h + 2 * padding - kh) // stride + 1
        ow = (w + 2 * padding - kw) // stride + 1
        cols = F.unfold(x, (kh, kw), padding=padding, stride=stride)
        return (weight.reshape(f, -1) @ cols).reshape(n, f, oh, ow)

    @staticmethod
    def backward(ctx, grad):
        x, weight, stride, padding = ConvFunction.saved
        f, c, kh, kw = weight.shape
        g = grad.reshape(grad.shape[0], f, -1)
        cols = F.unfold(x, (kh, kw), padding=padding, stride=stride)
        dw = torch.einsum("nfl,nkl->fk", g, cols).reshape(weight.shape)
        dcols = weight.reshape(f, -1).t() @ g
        dx = F.fold(dcols, x.shape[2:], (kh, kw), padding=padding, stride=stride)
        return dx, dw, None, None
