import torch
import torch.nn.functional as F


class UnfoldConv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, stride, padding):
        ctx.save_for_backward(x, w)
        ctx.args = dict(kernel_size=tuple(w.shape[2:]), stride=stride, padding=padding)
        cols = F.unfold(x, **ctx.args)                       # (N, C*kh*kw, L)
        y = w.flatten(1) @ cols
        oh = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
        return y.view(x.shape[0], w.shape[0], oh, -1)

    @staticmethod
    def backward(ctx, grad):
        x, w = ctx.saved_tensors
        cols = F.unfold(x, **ctx.args)
        g = grad.flatten(2)                                  # (N, O, L)
        dw = torch.mm(g[0], cols[0].t()).view_as(w)
        dx = F.fold(w.flatten(1).t() @ g, tuple(x.shape[2:]), **ctx.args)
        return dx, dw, None, None


def conv2d(input, weight, stride=1, padding=0):
    return UnfoldConv.apply(input, weight, stride, padding)


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    w = torch.zeros(tuple(weight_size), dtype=input.dtype, requires_grad=True)
    out = UnfoldConv.apply(input, w, stride, padding)
    out.backward(grad_output)
    return w.grad
