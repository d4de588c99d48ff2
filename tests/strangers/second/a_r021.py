import torch
import torch.nn.functional as F


class Conv2dFn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, stride, padding):
        ctx.save_for_backward(x, w)
        ctx.stride, ctx.padding = stride, padding
        cols = F.unfold(x, w.shape[2:], stride=stride, padding=padding)
        oh = (x.shape[2] + 2 * padding - w.shape[2]) // stride + 1
        ow = (x.shape[3] + 2 * padding - w.shape[3]) // stride + 1
        return (w.flatten(1) @ cols).reshape(x.shape[0], w.shape[0], oh, ow)

    @staticmethod
    def backward(ctx, grad):
        x, w = ctx.saved_tensors
        opts = dict(stride=ctx.stride, padding=ctx.padding)
        g = grad.flatten(2)
        cols = F.unfold(x, w.shape[2:], **opts)
        dw = torch.einsum('nol,nkl->ok', g, cols).reshape(w.shape)
        dx = F.fold(w.flatten(1).t() @ g, x.shape[2:], w.shape[2:], **opts)
        return dx, dw, None, None


def conv2d(input, weight, stride=1, padding=0):
    return Conv2dFn.apply(input, weight, stride, padding)


def conv2d_input(input_size, weight, grad_output, stride=1, padding=0):
    x = torch.zeros(tuple(input_size), dtype=weight.dtype, requires_grad=True)
    return torch.autograd.grad(conv2d(x, weight, stride, padding), x, grad_output)[0]


def conv2d_weight(input, weight_size, grad_output, stride=1, padding=0):
    w = torch.zeros(tuple(weight_size), dtype=input.dtype, requires_grad=True)
    return torch.autograd.grad(conv2d(input, w, stride, padding), w, grad_output)[0]
