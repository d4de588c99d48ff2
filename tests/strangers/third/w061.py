import torch
import torch.nn.functional as F


class MyConv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, stride, padding):
        xp = F.pad(x, (padding, padding, padding, padding))
        ctx.save_for_backward(xp, w)
        ctx.args = (stride, padding, x.shape)
        v = xp.unfold(2, w.shape[2], stride).unfold(3, w.shape[3], stride)
        return torch.tensordot(v, w, dims=([1, 4, 5], [1, 2, 3])).permute(0, 3, 1, 2)

    @staticmethod
    def backward(ctx, dy):
        xp, w = ctx.saved_tensors
        stride, padding, (n, c, h, wd) = ctx.args
        dw = torch.zeros_like(w)
        dxp = torch.zeros_like(xp)
        kh, kw = w.shape[2:]
        for i in range(dy.shape[2]):
            for j in range(dy.shape[3]):
                a, b = i * stride, j * stride
                dw += torch.einsum('no,ncuv->ocuv', dy[:, :, i, j], xp[:, :, a:a + kh, b:b + kw])
                dxp[:, :, i:i + kh, j:j + kw] += torch.einsum('no,ocuv->ncuv', dy[:, :, i, j], w)
        return dxp[:, :, padding:padding + h, padding:padding + wd], dw, None, None


def conv2d(input, weight, stride=1, padding=0):
    return MyConv.apply(input, weight, stride, padding)
