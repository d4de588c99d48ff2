import torch


class ConvFunction(torch.autograd.Function):
    """Valid cross-correlation, stride 1."""

    @staticmethod
    def forward(ctx, x, weight):
        ctx.save_for_backward(x, weight)
        kh, kw = weight.shape[2:]
        win = x.unfold(2, kh, 1).unfold(3, kw, 1)
        return torch.tensordot(win, weight, dims=([1, 4, 5], [1, 2, 3])).permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx, grad_out):
        x, weight = ctx.saved_tensors
        _, _, oh, ow = grad_out.shape
        gx, gw = torch.zeros_like(x), torch.zeros_like(weight)
        for a in range(weight.shape[2]):
            for b in range(weight.shape[3]):
                area = x[:, :, a:a + oh, b:b + ow]
                gw[:, :, a, b] = torch.einsum("nohw,nchw->oc", grad_out, area)
                gx[:, :, a:a + oh, b:b + ow] += weight[:, :, a, b].sum(0).view(1, -1, 1, 1)
        return gx, gw


def conv2d(input, weight):
    return ConvFunction.apply(input, weight)
