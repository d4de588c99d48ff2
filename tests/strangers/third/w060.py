import torch
import torch.nn.functional as F


class Conv2dFunction(torch.autograd.Function):

    @staticmethod
    def forward(ctx, input, weight, stride, padding):
        ctx.save_for_backward(input, weight)
        ctx.stride, ctx.padding = stride, padding
        N, O = input.shape[0], weight.shape[0]
        kh, kw = weight.shape[2:]
        oh = (input.shape[2] + 2 * padding - kh) // stride + 1
        ow = (input.shape[3] + 2 * padding - kw) // stride + 1
        cols = F.unfold(input, (kh, kw), padding=padding, stride=stride)
        return (weight.reshape(O, -1) @ cols).reshape(N, O, oh, ow)

    @staticmethod
    def backward(ctx, grad):
        input, weight = ctx.saved_tensors
        N, O = grad.shape[:2]
        k = weight.shape[2:]
        g = grad.reshape(N, O, -1)
        cols = F.unfold(input, k, padding=ctx.padding, stride=ctx.stride)
        grad_weight = torch.einsum('nol,nkl->ok', g, cols).reshape(weight.shape)
        grad_cols = torch.einsum('nol,ok->nkl', g, weight.reshape(O, -1))
        grad_input = F.fold(grad_cols, input.shape[2:], k, padding=ctx.padding, stride=ctx.stride)
        return grad_weight, grad_input, None, None


def conv2d(input, weight, stride=1, padding=0):
    return Conv2dFunction.apply(input, weight, stride, padding)


if __name__ == "__main__":
    x = torch.randn(3, 3, 3, 3, dtype=torch.double, requires_grad=True)
    w = torch.randn(3, 3, 3, 3, dtype=torch.double, requires_grad=True)
    print(torch.autograd.gradcheck(conv2d, (x, w, 1, 1), raise_exception=False))
