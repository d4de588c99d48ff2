import torch
import torch.nn.functional as F


class ConvFn(torch.autograd.Function):
    cache = None

    @staticmethod
    def forward(ctx, inp, ker, stride, pad):
        ConvFn.cache = (inp, ker, stride, pad)
        n, c, h, w = inp.shape
        o, _, kh, kw = ker.shape
        col = F.unfold(inp, (kh, kw), stride=stride, padding=pad)
        out = torch.einsum('ok,nkl->nol', ker.reshape(o, -1), col)
        return out.reshape(n, o, (h + 2 * pad - kh) // stride + 1, (w + 2 * pad - kw) // stride + 1)

    @staticmethod
    def backward(ctx, grad_out):
        inp, ker, stride, pad = ConvFn.cache
        o, c, kh, kw = ker.shape
        g = grad_out.flatten(2)
        col = F.unfold(inp, (kh, kw), stride=stride, padding=pad)
        d_ker = torch.einsum('nol,nkl->ok', g, col).reshape(ker.shape)
        d_col = torch.einsum('nol,ok->nkl', g, ker.reshape(o, -1))
        d_inp = F.fold(d_col, inp.shape[2:], (kh, kw), stride=stride, padding=pad)
        return d_inp, d_ker, None, None


def conv2d(input, weight, stride=1, padding=0):
    return ConvFn.apply(input, weight, stride, padding)
